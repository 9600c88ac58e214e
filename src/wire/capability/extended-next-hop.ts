import { struct, u16be } from 'buffer-layout'
import type { Capability } from './capability.ts'
import { checkRecords, readRecords, writeRecords } from './records.ts'

export interface ExtendedNextHop {
  readonly entries: readonly { readonly afi: number; readonly safi: number; readonly nextHopAfi: number }[]
}

const layout = struct([u16be('afi'), u16be('safi'), u16be('nextHopAfi')])

/** Extended Next Hop Encoding, RFC 8950 §4: a list of AFI (2), SAFI (2), next hop AFI (2). */
export const extendedNextHop: Capability<ExtendedNextHop> = {
  code: 5,
  name: 'extended-next-hop',
  check: (value) => checkRecords('extended-next-hop', layout, value),
  read: (value) => ({ entries: readRecords(layout, value) }),
  write: ({ entries }) => writeRecords(layout, entries),
  format: ({ entries }) => entries.map(({ afi, safi, nextHopAfi }) => `${afi}/${safi} over ${nextHopAfi}`).join(', '),
}
