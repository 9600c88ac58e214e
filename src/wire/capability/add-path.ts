import { struct, u8, u16be } from 'buffer-layout'
import type { AddressFamily } from '../negotiated.ts'
import type { Capability } from './capability.ts'
import { checkRecords, readRecords, writeRecords } from './records.ts'

export interface AddPath {
  /** `mode`: 1 can receive, 2 can send, 3 both. */
  readonly families: readonly (AddressFamily & { readonly mode: number })[]
}

const layout = struct([u16be('afi'), u8('safi'), u8('mode')])
const MODES = ['0', 'receive', 'send', 'both']

/** ADD-PATH, RFC 7911 §4: a list of AFI (2), SAFI (1), send/receive (1). */
export const addPath: Capability<AddPath> = {
  code: 69,
  name: 'add-path',
  check: (value) => checkRecords('add-path', layout, value),
  read: (value) => ({ families: readRecords(layout, value) }),
  write: ({ families }) => writeRecords(layout, families),
  format: ({ families }) => families.map(({ afi, safi, mode }) => `${afi}/${safi} ${MODES[mode] ?? mode}`).join(', '),
}
