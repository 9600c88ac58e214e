/**
 * Multicast Membership Report Synch route, type 7, RFC 9251 §9.2: the body of `synch.ts`, then the flags of type 6 (1). Key: all but the flags.
 */
import { put8, u8 } from '../../../bytes/octets.ts'
import type { EvpnRouteType } from './route-type.ts'
import { formatSynch, putSynch, readSynch, type SynchFields, type SynchView, synchKeyEnd, synchTail } from './synch.ts'

export interface MembershipReportSynch extends SynchView {
  readonly flags: number
}

export interface MembershipReportSynchFields extends SynchFields {
  readonly flags: number
}

const FLAGS_OCTETS = 1

export const membershipReportSynch = {
  type: 7,
  name: 'membership-report-synch',
  esiIsPathData: false,
  check(bytes, at, length) {
    const tail = synchTail(bytes, at, length)
    if (tail < 0) return 'Membership Report Synch route whose address lengths cannot be'
    return tail === FLAGS_OCTETS ? null : 'Membership Report Synch route whose length does not fit its addresses'
  },
  keyEnd: synchKeyEnd,
  withdrawnTail: () => FLAGS_OCTETS,
  read: (bytes, at, length) => ({ ...readSynch(bytes, at), flags: u8(bytes, at + length - FLAGS_OCTETS) }),
  write: (value: MembershipReportSynchFields, out, at) => put8(out, putSynch(value, out, at), value.flags),
  format: formatSynch,
} satisfies EvpnRouteType<MembershipReportSynch>
