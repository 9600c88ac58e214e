/**
 * Which MACs have moved of late, and between whom. Kept for MACs with MAC mobility alone, for as many as there is room for, those longest at rest leaving first:
 * what forgets a MAC too early freezes it later, and never wrongly.
 */
export interface WatchedMac {
  /** Where it is: the name of the domain, empty for our own. */
  side: string
  /** Highest sequence heard. */
  sequence: number
  /** When that was heard first, in seconds. */
  raisedAt: number
  /** When it moved from domain to domain, in seconds, oldest first. */
  moves: number[]
  /** By side: the destination in the RIB of what it said last. */
  readonly claims: Map<string, number>
}

export class WatchedMacs {
  /** MACs that had to make room although they had moved of late. */
  forgotten = 0
  private readonly most: number
  /** In the order of `raisedAt`. */
  private readonly macs = new Map<string, WatchedMac>()

  constructor(most: number) {
    this.most = most
  }

  get size(): number {
    return this.macs.size
  }

  /** What is known of a MAC; undefined when nothing is, or nothing has happened for longer than `restSeconds`. */
  find(key: string, now: number, restSeconds: number): WatchedMac | undefined {
    const mac = this.macs.get(key)
    if (mac === undefined || now - mac.raisedAt <= restSeconds) return mac
    this.macs.delete(key)
    return undefined
  }

  /** Begins to watch a MAC that has come, moved, with this sequence. Where it was before nobody knows: it counts as moved once. */
  begin(key: string, side: string, sequence: number, now: number, restSeconds: number): WatchedMac {
    for (const [other, { raisedAt }] of this.macs) {
      const atRest = now - raisedAt > restSeconds
      if (!atRest && this.macs.size < this.most) break
      if (!atRest) this.forgotten++
      this.macs.delete(other)
    }
    const mac: WatchedMac = { side, sequence, raisedAt: now, moves: [now], claims: new Map() }
    this.macs.set(key, mac)
    return mac
  }

  /** A higher sequence from where the MAC is, or from another side: that is a move. */
  raise(key: string, mac: WatchedMac, side: string, sequence: number, now: number): void {
    mac.side = side
    mac.sequence = sequence
    mac.raisedAt = now
    this.macs.delete(key)
    this.macs.set(key, mac)
  }

  drop(key: string): void {
    this.macs.delete(key)
  }

  clear(): void {
    this.macs.clear()
  }
}
