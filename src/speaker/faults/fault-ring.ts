/**
 * The last messages in which something was wrong, with their octets, for `show errors`: bounded in number and in octets, the oldest go first.
 * What has gone is still counted.
 */

/** How far it reached (RFC 7606 §2); `ignored`: nothing malformed, but nothing that was agreed either. */
export type FaultReach = 'ignored' | 'attribute-discard' | 'treat-as-withdraw' | 'session-reset'

export interface FaultRecord {
  /** Counts from 1 over all records, those that have gone too. */
  readonly number: number
  /** On the world's clock, ms. */
  readonly at: number
  readonly peer: string
  readonly address: string
  readonly reach: FaultReach
  readonly why: string
  /** NOTIFICATION that was sent, where the session ended. */
  readonly notification: { readonly code: number; readonly subcode: number } | null
  /** The message, header included; empty when there was none to be cut out of the stream. */
  readonly octets: Uint8Array
  /** What reading it depends on. */
  readonly fourOctetAs: boolean
  readonly internal: boolean
}

const MOST_RECORDS = 256
const MOST_OCTETS = 1024 * 1024

export class FaultRing {
  private readonly records: FaultRecord[] = []
  private octets = 0
  private total = 0

  /** Records that have been pushed out. */
  get forgotten(): number {
    return this.total - this.records.length
  }

  add(record: Omit<FaultRecord, 'number'>): void {
    this.records.push({ number: ++this.total, ...record })
    this.octets += record.octets.length
    while (this.records.length > MOST_RECORDS || this.octets > MOST_OCTETS) this.octets -= this.records.shift()?.octets.length ?? 0
  }

  /** Oldest first. */
  all(): readonly FaultRecord[] {
    return this.records
  }
}
