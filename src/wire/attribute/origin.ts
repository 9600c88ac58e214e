import { put8, u8 } from '../../bytes/octets.ts'
import { routeFault } from '../fault.ts'
import { type PathAttribute, WELL_KNOWN } from './attribute.ts'

export type Origin = 'igp' | 'egp' | 'incomplete'

const NAMES: readonly Origin[] = ['igp', 'egp', 'incomplete']

/** ORIGIN, RFC 4271 §5.1.1: 1 octet; 0 IGP, 1 EGP, 2 INCOMPLETE. Wrong length or value: treat-as-withdraw (RFC 7606 §7.1). */
export const origin: PathAttribute<Origin> = {
  code: 1,
  name: 'origin',
  flags: WELL_KNOWN,
  check(bytes, at, length) {
    if (length !== 1) return routeFault(1, `ORIGIN of ${length} octets, 1 expected`)
    return u8(bytes, at) < NAMES.length ? null : routeFault(1, `ORIGIN value ${u8(bytes, at)}`)
  },
  read: (bytes, at) => NAMES[u8(bytes, at)]!,
  write: (value, out, at) => put8(out, at, NAMES.indexOf(value)),
  format: (value) => value,
}
