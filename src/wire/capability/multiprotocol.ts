import { struct, u8, u16be } from 'buffer-layout'
import type { AddressFamily } from '../negotiated.ts'
import type { Capability } from './capability.ts'
import { readRecords, writeRecords } from './records.ts'

const layout = struct([u16be('afi'), u8('reserved'), u8('safi')])

/** Multiprotocol Extensions, RFC 4760 §8: AFI (2), reserved (1), SAFI (1). */
export const multiprotocol: Capability<AddressFamily> = {
  code: 1,
  name: 'multiprotocol',
  check: (value) => (value.length === layout.span ? null : `multiprotocol capability of ${value.length} octets`),
  read(value) {
    const { afi, safi } = readRecords(layout, value)[0]!
    return { afi, safi }
  },
  write: ({ afi, safi }) => writeRecords(layout, [{ afi, reserved: 0, safi }]),
  format: ({ afi, safi }) => `${afi}/${safi}`,
}
