/** What route reflectors add: ORIGINATOR_ID and CLUSTER_LIST, RFC 4456 §8. Router ids as dotted text. */
import { formatIpv4, writeIp } from '../../address/ip.ts'
import { attributeFault, routeFault } from '../fault.ts'
import { OPTIONAL_NON_TRANSITIVE, type PathAttribute } from './attribute.ts'

const OCTETS = 4

/** ORIGINATOR_ID: 4 octets. From an external peer: discarded; wrong length: treat-as-withdraw (RFC 7606 §7.9). */
export const originatorId: PathAttribute<string> = {
  code: 9,
  name: 'originatorId',
  flags: OPTIONAL_NON_TRANSITIVE,
  internalOnly: true,
  check(_bytes, _at, length, context) {
    if (!context.internal) return attributeFault(9, 'ORIGINATOR_ID from an external peer')
    return length === OCTETS ? null : routeFault(9, `ORIGINATOR_ID of ${length} octets, 4 expected`)
  },
  read: (bytes, at) => formatIpv4(bytes, at),
  write: (value, out, at) => writeIp(value, out, at),
  format: (value) => value,
}

/** CLUSTER_LIST: 4 octets per cluster. From an external peer: discarded; empty or no multiple of 4: treat-as-withdraw (RFC 7606 §7.10). */
export const clusterList: PathAttribute<readonly string[]> = {
  code: 10,
  name: 'clusterList',
  flags: OPTIONAL_NON_TRANSITIVE,
  internalOnly: true,
  check(_bytes, _at, length, context) {
    if (!context.internal) return attributeFault(10, 'CLUSTER_LIST from an external peer')
    return length > 0 && length % OCTETS === 0 ? null : routeFault(10, `CLUSTER_LIST of ${length} octets, a multiple of 4 expected`)
  },
  read: (bytes, at, length) => Array.from({ length: length / OCTETS }, (_, i) => formatIpv4(bytes, at + OCTETS * i)),
  write: (value, out, at) => value.reduce((end, cluster) => writeIp(cluster, out, end), at),
  format: (value) => value.join(' '),
}
