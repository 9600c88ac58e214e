/**
 * VPN-IPv4 and VPN-IPv6 NLRI (1/128 and 2/128), RFC 4364 §4.3.4, RFC 4659 §3.2, RFC 8277 §2, for views of messages only: these routes are not carried.
 *
 *     [path identifier (4), RFC 7911]  length in bits (1)  labels (3 each)  RD (8)  prefix (as many octets as the bits need)
 *
 * The length counts labels, RD and prefix. The stack of labels ends with the one whose lowest bit is set; in a withdrawal its first field is 0x800000
 * or label 0 and ends there.
 */
import { writeIp } from '../../address/ip.ts'
import { formatPrefixAt } from '../../address/prefix.ts'
import { formatRd, RD_OCTETS, rdType, writeRd } from '../../address/rd.ts'
import { copy, put8, put24, put32, u8, u24, u32 } from '../../bytes/octets.ts'

export interface VpnUnicastView {
  readonly pathId?: number
  /** 20 bits each, the top one first. */
  readonly labels: readonly number[]
  readonly rdType: number
  readonly rd: string
  readonly prefix: string
}

const LABEL_OCTETS = 3
const BOTTOM = 0x000001
const WITHDRAWN = 0x800000

/** The routes in `from`..`to`, or why they cannot be read (RFC 7606 §5.3). `addressOctets` is 4 or 16. */
export function readVpnUnicast(
  bytes: Uint8Array,
  from: number,
  to: number,
  addressOctets: 4 | 16,
  addPath: boolean,
): VpnUnicastView[] | string {
  const views: VpnUnicastView[] = []
  const address = new Uint8Array(addressOctets)
  for (let at = from; at < to; ) {
    const lengthAt = addPath ? at + 4 : at
    if (lengthAt >= to) return 'a path identifier without a VPN prefix'
    const allBits = u8(bytes, lengthAt)
    const end = lengthAt + 1 + ((allBits + 7) >>> 3)
    if (end > to) return `a VPN prefix of ${allBits} bits runs over the end`
    const labels: number[] = []
    let rdAt = lengthAt + 1
    for (let last = false; !last; rdAt += LABEL_OCTETS) {
      if (rdAt + LABEL_OCTETS > end) return `a VPN prefix of ${allBits} bits whose labels do not end`
      const field = u24(bytes, rdAt)
      labels.push(field >>> 4)
      last = (field & BOTTOM) !== 0 || (labels.length === 1 && (field >>> 4 === WITHDRAWN >>> 4 || field >>> 4 === 0))
    }
    const prefixAt = rdAt + RD_OCTETS
    const bits = allBits - (prefixAt - lengthAt - 1) * 8
    if (bits < 0 || bits > addressOctets * 8) return `a VPN prefix of ${allBits} bits with ${labels.length} labels`
    address.fill(0)
    copy(bytes, prefixAt, end, address, 0)
    const spare = (end - prefixAt) * 8 - bits
    if (spare > 0) address[end - prefixAt - 1] = (u8(address, end - prefixAt - 1) >>> spare) << spare
    const view = {
      labels,
      rdType: rdType(bytes, rdAt),
      rd: formatRd(bytes, rdAt),
      prefix: formatPrefixAt(address, 0, addressOctets, bits),
    }
    views.push(addPath ? { pathId: u32(bytes, at), ...view } : view)
    at = end
  }
  return views
}

/** Writes routes; returns the offset behind. */
export function writeVpnUnicast(views: readonly VpnUnicastView[], out: Uint8Array, at: number): number {
  const address = new Uint8Array(16)
  let end = at
  for (const { pathId, labels, rdType: type, rd, prefix } of views) {
    const slash = prefix.indexOf('/')
    const bits = Number(prefix.slice(slash + 1))
    writeIp(prefix.slice(0, slash), address, 0)
    if (pathId !== undefined) end = put32(out, end, pathId)
    end = put8(out, end, (labels.length * LABEL_OCTETS + RD_OCTETS) * 8 + bits)
    for (const [i, label] of labels.entries()) {
      const field = label << 4
      end = put24(out, end, i < labels.length - 1 || field === WITHDRAWN ? field : field | BOTTOM)
    }
    end = copy(address, 0, (bits + 7) >>> 3, out, writeRd(rd, type, out, end))
  }
  return end
}
