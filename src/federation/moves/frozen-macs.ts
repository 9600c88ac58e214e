/** MACs that are frozen: whose routes stay in use, until when, and which routes stand unused because of it. */

/** Peer ids are 16 bits. */
const PEERS = 65536

export interface FrozenMac {
  /** Name of the VN. */
  readonly vn: string
  readonly mac: string
  /** Whose routes stay in use: the name of the domain, empty for our own. */
  readonly keep: string
  /** Between whom it moved, and how many moves were too many. */
  readonly between: readonly string[]
  readonly moves: number
  /** In seconds on the clock of the RIB. */
  readonly since: number
  /** When it ends; null: when somebody says so. */
  readonly until: number | null
  /** Routes refused since it is frozen, each time one came. */
  readonly refusals: number
}

interface Frozen extends FrozenMac {
  refusals: number
  /** Paths that stand refused, as destination and peer. */
  readonly paths: Set<number>
}

export class FrozenMacs {
  private readonly macs = new Map<string, Frozen>()
  /** By path: the key of the MAC because of which it stands refused. */
  private readonly byPath = new Map<number, string>()
  private readonly released: number[] = []

  get size(): number {
    return this.macs.size
  }

  get all(): Iterable<FrozenMac> {
    return this.macs.values()
  }

  /** Paths to be asked about again. */
  get waiting(): number {
    return this.released.length
  }

  /** How many of them time alone will end. */
  timed = 0

  find(key: string): FrozenMac | undefined {
    return this.macs.get(key)
  }

  freeze(key: string, mac: Omit<FrozenMac, 'refusals'>): FrozenMac {
    const frozen: Frozen = { ...mac, refusals: 0, paths: new Set() }
    this.macs.set(key, frozen)
    if (mac.until !== null) this.timed++
    return frozen
  }

  /** The path of a peer to a destination stands refused. */
  refuse(key: string, dest: number, peer: number): void {
    const frozen = this.macs.get(key)
    if (frozen === undefined) return
    frozen.refusals++
    const path = dest * PEERS + peer
    if (this.byPath.get(path) === key) return
    this.forget(dest, peer)
    this.byPath.set(path, key)
    frozen.paths.add(path)
  }

  /** The path of a peer to a destination is gone, or no longer refused. */
  forget(dest: number, peer: number): void {
    const path = dest * PEERS + peer
    const key = this.byPath.get(path)
    if (key === undefined) return
    this.byPath.delete(path)
    this.macs.get(key)?.paths.delete(path)
  }

  /** Thaws a MAC; its paths wait to be asked about again. */
  thaw(key: string): FrozenMac | undefined {
    const frozen = this.macs.get(key)
    if (frozen === undefined) return undefined
    this.macs.delete(key)
    if (frozen.until !== null) this.timed--
    for (const path of frozen.paths) {
      this.byPath.delete(path)
      this.released.push(path)
    }
    return frozen
  }

  /** Keys of those whose time is over. */
  due(now: number): string[] {
    const keys: string[] = []
    if (this.timed > 0) for (const [key, { until }] of this.macs) if (until !== null && now >= until) keys.push(key)
    return keys
  }

  get keys(): string[] {
    return [...this.macs.keys()]
  }

  /** Calls `ask` for up to `limit` paths that wait. */
  release(limit: number, ask: (dest: number, peer: number) => void): void {
    for (const path of this.released.splice(0, limit)) ask(Math.floor(path / PEERS), path % PEERS)
  }
}
