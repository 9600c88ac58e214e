import type { Admission } from './admission.ts'

/** Most peers, past and present, that a RIB can hold at once: peer ids are 16 bits. */
export const MAX_PEERS = 65535

/** What the decision process asks of the speaker a path came from. */
export interface RibPeer {
  /** Small number, unique while the peer has paths. 0 is the speaker itself. */
  readonly id: number
  /** From another AS (RFC 4271 §9.1.2.2 d). */
  readonly external: boolean
  /** BGP Identifier, 4 octets unsigned. */
  readonly routerId: number
  /** 4 or 16 octets. */
  readonly address: Uint8Array
  /** Has the last word on the peer's paths; left out: nobody has. */
  readonly admission?: Admission
}
