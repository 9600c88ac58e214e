import { struct, u8, u16be, u24be } from 'buffer-layout'
import type { AddressFamily } from '../negotiated.ts'
import type { Capability } from './capability.ts'
import { checkRecords, readRecords, writeRecords } from './records.ts'

export interface LongLivedGracefulRestart {
  /** `staleTime` in seconds, 24 bits. */
  readonly families: readonly (AddressFamily & { readonly forwardingPreserved: boolean; readonly staleTime: number })[]
}

const layout = struct([u16be('afi'), u8('safi'), u8('flags'), u24be('staleTime')])
const FORWARDING = 0x80

/** Long-Lived Graceful Restart, RFC 9494 §3.1: a list of AFI (2), SAFI (1), flags (1), stale time (3). */
export const longLivedGracefulRestart: Capability<LongLivedGracefulRestart> = {
  code: 71,
  name: 'long-lived-graceful-restart',
  check: (value) => checkRecords('long-lived-graceful-restart', layout, value),
  read: (value) => ({
    families: readRecords(layout, value).map(({ afi, safi, flags, staleTime }) => ({
      afi,
      safi,
      forwardingPreserved: (flags & FORWARDING) !== 0,
      staleTime,
    })),
  }),
  write: ({ families }) =>
    writeRecords(
      layout,
      families.map(({ afi, safi, forwardingPreserved, staleTime }) => ({
        afi,
        safi,
        flags: forwardingPreserved ? FORWARDING : 0,
        staleTime,
      })),
    ),
  format: ({ families }) => families.map(({ afi, safi, staleTime }) => `${afi}/${safi} ${staleTime} s`).join(', '),
}
