import { formatIpv4, writeIp } from '../../address/ip.ts'
import { routeFault } from '../fault.ts'
import { type PathAttribute, WELL_KNOWN } from './attribute.ts'

/** NEXT_HOP, RFC 4271 §5.1.3: an IPv4 address. EVPN routes have theirs in MP_REACH_NLRI. Wrong length: treat-as-withdraw (RFC 7606 §7.3). */
export const nextHop: PathAttribute<string> = {
  code: 3,
  name: 'nextHop',
  flags: WELL_KNOWN,
  check: (_bytes, _at, length) => (length === 4 ? null : routeFault(3, `NEXT_HOP of ${length} octets, 4 expected`)),
  read: (bytes, at) => formatIpv4(bytes, at),
  write: (value, out, at) => writeIp(value, out, at),
  format: (value) => value,
}
