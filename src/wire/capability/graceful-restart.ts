import { struct, u8, u16be } from 'buffer-layout'
import { put16, u16 } from '../../bytes/octets.ts'
import type { AddressFamily } from '../negotiated.ts'
import type { Capability } from './capability.ts'
import { checkRecords, readRecords, writeRecords } from './records.ts'

export interface GracefulRestart {
  /** The sender has just restarted. */
  readonly restartState: boolean
  /** It follows RFC 8538: NOTIFICATIONs do not end its restart state. */
  readonly notification: boolean
  /** Seconds, 12 bits. */
  readonly restartTime: number
  readonly families: readonly (AddressFamily & { readonly forwardingPreserved: boolean })[]
}

const layout = struct([u16be('afi'), u8('safi'), u8('flags')])
const RESTART_STATE = 0x8000
const NOTIFICATION = 0x4000
const FORWARDING = 0x80

/** Graceful Restart, RFC 4724 §3, RFC 8538 §2: flags (4 bits), restart time (12 bits), then AFI (2), SAFI (1), flags (1) for each family. */
export const gracefulRestart: Capability<GracefulRestart> = {
  code: 64,
  name: 'graceful-restart',
  check: (value) => checkRecords('graceful-restart', layout, value, 2),
  read(value) {
    const head = u16(value, 0)
    return {
      restartState: (head & RESTART_STATE) !== 0,
      notification: (head & NOTIFICATION) !== 0,
      restartTime: head & 0x0fff,
      families: readRecords(layout, value, 2).map(({ afi, safi, flags }) => ({
        afi,
        safi,
        forwardingPreserved: (flags & FORWARDING) !== 0,
      })),
    }
  },
  write({ restartState, notification, restartTime, families }) {
    const records = families.map(({ afi, safi, forwardingPreserved }) => ({ afi, safi, flags: forwardingPreserved ? FORWARDING : 0 }))
    const value = writeRecords(layout, records, 2)
    put16(value, 0, (restartState ? RESTART_STATE : 0) | (notification ? NOTIFICATION : 0) | (restartTime & 0x0fff))
    return value
  },
  format({ restartState, restartTime, families }) {
    const kept = families.map(({ afi, safi, forwardingPreserved }) => `${afi}/${safi}${forwardingPreserved ? ' preserved' : ''}`)
    return [`${restartTime} s${restartState ? ', restarted' : ''}`, ...kept].join(', ')
  },
}
