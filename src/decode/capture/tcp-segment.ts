/**
 * Finds the TCP segment in a captured packet: link layer, VLAN tags, IPv4 (RFC 791) or IPv6 (RFC 8200) with its extension headers, TCP (RFC 9293).
 */
import { u8, u16, u32 } from '../../bytes/octets.ts'

/** LINKTYPE numbers (tcpdump.org) that are understood. */
const LinkType = {
  null: 0,
  ethernet: 1,
  rawBsd: 12,
  rawOpenBsd: 14,
  raw: 101,
  loop: 108,
  linuxCooked: 113,
  ipv4: 228,
  ipv6: 229,
  linuxCooked2: 276,
} as const

/** What became of a packet. */
export type SegmentOutcome = 'tcp' | 'other' | 'fragment' | 'unknown link type'

const ETHER = { ipv4: 0x0800, ipv6: 0x86dd, vlan: 0x8100, serviceVlan: 0x88a8, oldVlan: 0x9100 } as const
const TCP = 6
const IPV6_HEADER = 40
const TCP_HEADER = 20
const FIN = 0x01
const SYN = 0x02
const RST = 0x04
const ACK = 0x10

/** The segment last read. Offsets are into the octets given. Reused from packet to packet: allocates nothing. */
export class TcpSegment {
  /** Octets of an address, 4 or 16. */
  addressOctets = 4
  sourceAt = 0
  destinationAt = 0
  sourcePort = 0
  destinationPort = 0
  sequence = 0
  acknowledgment = 0
  acknowledges = false
  syn = false
  fin = false
  rst = false
  payloadFrom = 0
  /** The end of what was captured of it. */
  payloadTo = 0
  /** Octets of payload on the wire; more than captured when the capture cut the packet. */
  payloadLength = 0

  /** Reads the packet in `from`..`to`. */
  read(bytes: Uint8Array, from: number, to: number, linkType: number): SegmentOutcome {
    switch (linkType) {
      case LinkType.ethernet:
        return from + 14 > to ? 'other' : this.ether(bytes, from + 14, to, u16(bytes, from + 12))
      case LinkType.linuxCooked:
        return from + 16 > to ? 'other' : this.ether(bytes, from + 16, to, u16(bytes, from + 14))
      case LinkType.linuxCooked2:
        return from + 20 > to ? 'other' : this.ether(bytes, from + 20, to, u16(bytes, from))
      case LinkType.null:
      case LinkType.loop:
        // An address family whose number differs from system to system: the IP version says the same.
        return this.ip(bytes, from + 4, to)
      case LinkType.raw:
      case LinkType.rawBsd:
      case LinkType.rawOpenBsd:
      case LinkType.ipv4:
      case LinkType.ipv6:
        return this.ip(bytes, from, to)
      default:
        return 'unknown link type'
    }
  }

  private ether(bytes: Uint8Array, start: number, to: number, first: number): SegmentOutcome {
    let at = start
    let type = first
    while ((type === ETHER.vlan || type === ETHER.serviceVlan || type === ETHER.oldVlan) && at + 4 <= to) {
      type = u16(bytes, at + 2)
      at += 4
    }
    return type === ETHER.ipv4 || type === ETHER.ipv6 ? this.ip(bytes, at, to) : 'other'
  }

  private ip(bytes: Uint8Array, at: number, to: number): SegmentOutcome {
    if (at >= to) return 'other'
    const version = u8(bytes, at) >>> 4
    if (version === 4) return this.ipv4(bytes, at, to)
    return version === 6 ? this.ipv6(bytes, at, to) : 'other'
  }

  private ipv4(bytes: Uint8Array, at: number, to: number): SegmentOutcome {
    if (at + 20 > to || u8(bytes, at + 9) !== TCP) return 'other'
    const headerOctets = (u8(bytes, at) & 0x0f) * 4
    if (headerOctets < 20) return 'other'
    // More fragments, or not the first one.
    if ((u16(bytes, at + 6) & 0x3fff) !== 0) return 'fragment'
    // Captured before the network card cut it into segments: no length yet.
    const total = u16(bytes, at + 2) || to - at
    this.addressOctets = 4
    this.sourceAt = at + 12
    this.destinationAt = at + 16
    return this.tcp(bytes, at + headerOctets, to, at + total)
  }

  private ipv6(bytes: Uint8Array, at: number, to: number): SegmentOutcome {
    if (at + IPV6_HEADER > to) return 'other'
    const end = u16(bytes, at + 4) === 0 ? to : at + IPV6_HEADER + u16(bytes, at + 4)
    this.addressOctets = 16
    this.sourceAt = at + 8
    this.destinationAt = at + 24
    let next = u8(bytes, at + 6)
    let header = at + IPV6_HEADER
    while (next !== TCP) {
      if (header + 8 > to) return 'other'
      const following = u8(bytes, header)
      if (next === 0 || next === 43 || next === 60) header += (u8(bytes, header + 1) + 1) * 8
      else if (next === 51) header += (u8(bytes, header + 1) + 2) * 4
      else if (next === 44) {
        if ((u16(bytes, header + 2) & 0xfff9) !== 0) return 'fragment'
        header += 8
      } else return 'other'
      next = following
    }
    return this.tcp(bytes, header, to, end)
  }

  /** The TCP header at `at`; captured up to `to`, on the wire up to `end`. */
  private tcp(bytes: Uint8Array, at: number, to: number, end: number): SegmentOutcome {
    if (at + TCP_HEADER > to) return 'other'
    const headerOctets = (u8(bytes, at + 12) >>> 4) * 4
    if (headerOctets < TCP_HEADER || at + headerOctets > end) return 'other'
    const flags = u8(bytes, at + 13)
    this.sourcePort = u16(bytes, at)
    this.destinationPort = u16(bytes, at + 2)
    this.sequence = u32(bytes, at + 4)
    this.acknowledgment = u32(bytes, at + 8)
    this.acknowledges = (flags & ACK) !== 0
    this.syn = (flags & SYN) !== 0
    this.fin = (flags & FIN) !== 0
    this.rst = (flags & RST) !== 0
    this.payloadLength = end - at - headerOctets
    this.payloadFrom = Math.min(at + headerOctets, to)
    this.payloadTo = Math.min(end, to)
    return 'tcp'
  }
}
