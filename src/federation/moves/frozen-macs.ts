/** MACs that are frozen: whose routes stay in use, until when, and which routes stand unused because of it. Each is known by a number until it is thawed. */
import type { ByteKey } from '../../bytes/byte-key.ts'
import { ByteTable } from '../../bytes/byte-table.ts'

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
  /** `keep` as a number. */
  readonly keptSide: number
  refusals: number
  /** Paths that stand refused, as destination and peer. */
  readonly paths: Set<number>
}

export class FrozenMacs {
  private readonly table = new ByteTable()
  private readonly macs = new Map<number, Frozen>()
  /** By path: the MAC because of which it stands refused. */
  private readonly byPath = new Map<number, number>()
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

  /** The frozen MAC of a sealed key; -1: it is not. Hot. */
  find(key: ByteKey): number {
    return this.macs.size === 0 ? -1 : this.table.find(key)
  }

  /** The side whose routes stay in use. */
  keptSide(mac: number): number {
    return this.macs.get(mac)?.keptSide ?? -1
  }

  freeze(key: ByteKey, mac: Omit<FrozenMac, 'refusals'>, keptSide: number): FrozenMac {
    const frozen: Frozen = { ...mac, keptSide, refusals: 0, paths: new Set() }
    this.macs.set(this.table.upsert(key), frozen)
    if (mac.until !== null) this.timed++
    return frozen
  }

  /** The path of a peer to a destination stands refused. */
  refuse(mac: number, dest: number, peer: number): void {
    const frozen = this.macs.get(mac)
    if (frozen === undefined) return
    frozen.refusals++
    const path = dest * PEERS + peer
    if (this.byPath.get(path) === mac) return
    this.forget(dest, peer)
    this.byPath.set(path, mac)
    frozen.paths.add(path)
  }

  /** The path of a peer to a destination is gone, or no longer refused. */
  forget(dest: number, peer: number): void {
    const path = dest * PEERS + peer
    const mac = this.byPath.get(path)
    if (mac === undefined) return
    this.byPath.delete(path)
    this.macs.get(mac)?.paths.delete(path)
  }

  /** Thaws a MAC; its paths wait to be asked about again. */
  thaw(mac: number): FrozenMac | undefined {
    const frozen = this.macs.get(mac)
    if (frozen === undefined) return undefined
    this.macs.delete(mac)
    this.table.remove(mac)
    if (frozen.until !== null) this.timed--
    for (const path of frozen.paths) {
      this.byPath.delete(path)
      this.released.push(path)
    }
    return frozen
  }

  /** Those whose time is over. */
  due(now: number): number[] {
    const macs: number[] = []
    if (this.timed > 0) for (const [mac, { until }] of this.macs) if (until !== null && now >= until) macs.push(mac)
    return macs
  }

  get numbers(): number[] {
    return [...this.macs.keys()]
  }

  /** Calls `ask` for up to `limit` paths that wait. */
  release(limit: number, ask: (dest: number, peer: number) => void): void {
    for (const path of this.released.splice(0, limit)) ask(Math.floor(path / PEERS), path % PEERS)
  }
}
