/**
 * Multicast Leave Synch route, type 8, RFC 9251 §9.3. Key: all but the tail.
 *
 *     +-------------------------+
 *     | body of synch.ts        |
 *     | Reserved         (4)    |  path data
 *     | Max response time (1)   |  path data, seconds
 *     | Flags            (1)    |  path data, those of type 6
 *     +-------------------------+
 *
 * Speakers that follow an older draft send no Reserved field. Theirs is the same route and comes out as it went in.
 */
import { copy, hex, put8, u8 } from '../../../bytes/octets.ts'
import type { EvpnRouteType } from './route-type.ts'
import { formatSynch, putSynch, readSynch, type SynchFields, type SynchView, synchKeyEnd, synchTail } from './synch.ts'

export interface LeaveSynch extends SynchView {
  /** 4 octets in hex; absent in the form of the draft. */
  readonly reserved?: string
  /** Seconds. */
  readonly maxResponseTime: number
  readonly flags: number
}

export interface LeaveSynchFields extends SynchFields {
  readonly reserved?: string
  readonly maxResponseTime: number
  readonly flags: number
}

const TAIL = 6
const DRAFT_TAIL = 2

export const leaveSynch = {
  type: 8,
  name: 'leave-synch',
  esiIsPathData: false,
  check(bytes, at, length) {
    const tail = synchTail(bytes, at, length)
    if (tail < 0) return 'Leave Synch route whose address lengths cannot be'
    return tail === TAIL || tail === DRAFT_TAIL ? null : 'Leave Synch route whose length does not fit its addresses'
  },
  keyEnd: synchKeyEnd,
  withdrawnTail: () => TAIL,
  read(bytes, at, length): LeaveSynch {
    const end = at + length
    const view = { ...readSynch(bytes, at), maxResponseTime: u8(bytes, end - 2), flags: u8(bytes, end - 1) }
    return synchTail(bytes, at, length) === TAIL ? { ...view, reserved: hex(bytes, end - TAIL, end - DRAFT_TAIL) } : view
  },
  write(value: LeaveSynchFields, out, at) {
    const reserved = Buffer.from(value.reserved ?? '', 'hex')
    const end = copy(reserved, 0, reserved.length, out, putSynch(value, out, at))
    return put8(out, put8(out, end, value.maxResponseTime), value.flags)
  },
  format: formatSynch,
} satisfies EvpnRouteType<LeaveSynch>
