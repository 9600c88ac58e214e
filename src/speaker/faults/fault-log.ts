/** Writes down what was wrong with messages, for `show errors`: with their octets, and what reading them depends on. */
import type { SessionFault } from '../../wire/fault.ts'
import type { FaultCounts } from './fault-counts.ts'
import { type FaultReach, type FaultRecord, FaultRing } from './fault-ring.ts'

/** The peer that a message came from. */
export interface Sender {
  readonly settings: { readonly name: string; readonly address: string; readonly asn: number }
  readonly standing: { readonly agreed: { readonly fourOctetAs: boolean } } | null
  readonly faults: FaultCounts
}

export class FaultLog {
  readonly ring = new FaultRing()
  private readonly asn: number
  private readonly now: () => number

  /** `asn`: our own AS number. `now` in ms. */
  constructor(asn: number, now: () => number) {
    this.asn = asn
    this.now = now
  }

  /** The session goes on. It has been counted where it was read. */
  spared(peer: Sender, reach: FaultReach, why: string, octets: Uint8Array): void {
    this.keep(peer, reach, why, null, octets)
  }

  /** The session ends by it. Empty octets: what came could not be cut into messages, or it is not about one. */
  fatal(peer: Sender, fault: SessionFault, octets: Uint8Array): void {
    peer.faults.add('session-reset', fault.why)
    this.keep(peer, 'session-reset', fault.why, { code: fault.code, subcode: fault.subcode }, octets)
  }

  private keep(peer: Sender, reach: FaultReach, why: string, notification: FaultRecord['notification'], octets: Uint8Array): void {
    const { name, address, asn } = peer.settings
    const fourOctetAs = peer.standing?.agreed.fourOctetAs ?? true
    const internal = asn === this.asn
    this.ring.add({ at: this.now(), peer: name, address, reach, why, notification, octets, fourOctetAs, internal })
  }
}
