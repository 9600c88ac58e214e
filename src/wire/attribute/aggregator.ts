/** AGGREGATOR and AS4_AGGREGATOR: the AS and the address of the speaker that aggregated (RFC 4271 §5.1.7, RFC 6793 §3). */
import { formatIpv4, writeIp } from '../../address/ip.ts'
import { put16, put32, u16, u32 } from '../../bytes/octets.ts'
import { attributeFault } from '../fault.ts'
import { OPTIONAL_TRANSITIVE, type PathAttribute } from './attribute.ts'

export interface Aggregator {
  readonly as: number
  /** IPv4 text. */
  readonly address: string
}

const format = ({ as, address }: Aggregator) => `${as} ${address}`

/** AGGREGATOR: AS (2 or 4 octets as agreed), address (4). Wrong length or AS 0: attribute discard (RFC 7606 §7.7, RFC 7607 §2). */
export const aggregator: PathAttribute<Aggregator> = {
  code: 7,
  name: 'aggregator',
  flags: OPTIONAL_TRANSITIVE,
  check(bytes, at, length, { fourOctetAs }) {
    const expected = fourOctetAs ? 8 : 6
    if (length !== expected) return attributeFault(7, `AGGREGATOR of ${length} octets, ${expected} expected`)
    return (fourOctetAs ? u32(bytes, at) : u16(bytes, at)) === 0 ? attributeFault(7, 'AGGREGATOR with AS 0') : null
  },
  read(bytes, at, _length, { fourOctetAs }) {
    return fourOctetAs ? readFourOctet(bytes, at) : { as: u16(bytes, at), address: formatIpv4(bytes, at + 2) }
  },
  write({ as, address }, out, at, { fourOctetAs }) {
    return writeIp(address, out, fourOctetAs ? put32(out, at, as) : put16(out, at, as))
  },
  format,
}

/** AS4_AGGREGATOR: AS (4), address (4), from a speaker of 2-octet AS numbers only. Anything else: attribute discard (RFC 6793 §4.1, §6). */
export const as4Aggregator: PathAttribute<Aggregator> = {
  code: 18,
  name: 'as4Aggregator',
  flags: OPTIONAL_TRANSITIVE,
  check(bytes, at, length, { fourOctetAs }) {
    if (fourOctetAs) return attributeFault(18, 'AS4_AGGREGATOR from a speaker of 4-octet AS numbers')
    if (length !== 8) return attributeFault(18, `AS4_AGGREGATOR of ${length} octets, 8 expected`)
    return u32(bytes, at) === 0 ? attributeFault(18, 'AS4_AGGREGATOR with AS 0') : null
  },
  read: (bytes, at) => readFourOctet(bytes, at),
  write: ({ as, address }, out, at) => writeIp(address, out, put32(out, at, as)),
  format,
}

function readFourOctet(bytes: Uint8Array, at: number): Aggregator {
  return { as: u32(bytes, at), address: formatIpv4(bytes, at + 4) }
}
