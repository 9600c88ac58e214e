/**
 * IPv4 and IPv6 unicast NLRI (1/1 and 2/1), RFC 4271 §4.3 and RFC 4760 §5, for views of messages only: these routes are not carried.
 *
 *     [path identifier (4), RFC 7911]  length in bits (1)  prefix (as many octets as the bits need)
 */
import { writeIp } from '../../address/ip.ts'
import { formatPrefixAt } from '../../address/prefix.ts'
import { copy, put8, put32, u8, u32 } from '../../bytes/octets.ts'

export interface UnicastView {
  readonly pathId?: number
  readonly prefix: string
}

/** The prefixes in `from`..`to`, or why they cannot be read (RFC 7606 §5.3). `addressOctets` is 4 or 16. */
export function readUnicast(bytes: Uint8Array, from: number, to: number, addressOctets: 4 | 16, addPath: boolean): UnicastView[] | string {
  const views: UnicastView[] = []
  const address = new Uint8Array(addressOctets)
  for (let at = from; at < to; ) {
    const lengthAt = addPath ? at + 4 : at
    if (lengthAt >= to) return 'a path identifier without a prefix'
    const bits = u8(bytes, lengthAt)
    const octets = (bits + 7) >>> 3
    if (bits > addressOctets * 8) return `a prefix of ${bits} bits`
    if (lengthAt + 1 + octets > to) return `a prefix of ${bits} bits runs over the end`
    address.fill(0)
    copy(bytes, lengthAt + 1, lengthAt + 1 + octets, address, 0)
    const spare = octets * 8 - bits
    if (spare > 0) address[octets - 1] = (u8(address, octets - 1) >>> spare) << spare
    const prefix = formatPrefixAt(address, 0, addressOctets, bits)
    views.push(addPath ? { pathId: u32(bytes, at), prefix } : { prefix })
    at = lengthAt + 1 + octets
  }
  return views
}

/** Writes prefixes; returns the offset behind. */
export function writeUnicast(views: readonly UnicastView[], out: Uint8Array, at: number): number {
  const address = new Uint8Array(16)
  let end = at
  for (const { pathId, prefix } of views) {
    const slash = prefix.indexOf('/')
    const bits = Number(prefix.slice(slash + 1))
    writeIp(prefix.slice(0, slash), address, 0)
    if (pathId !== undefined) end = put32(out, end, pathId)
    end = copy(address, 0, (bits + 7) >>> 3, out, put8(out, end, bits))
  }
  return end
}
