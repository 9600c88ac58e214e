/** Captures made by hand: BGP octets in TCP in IP in whatever link layer, in a pcap or pcapng file. */

export interface Ends {
  readonly from: readonly number[]
  readonly to: readonly number[]
  readonly fromPort: number
  readonly toPort: number
}

export const FORTH: Ends = { from: [192, 0, 2, 1], to: [192, 0, 2, 2], fromPort: 40000, toPort: 179 }
export const BACK: Ends = { from: FORTH.to, to: FORTH.from, fromPort: 179, toPort: 40000 }

export interface SegmentFields {
  readonly ends?: Ends
  readonly sequence: number
  readonly payload?: Uint8Array
  readonly acknowledgment?: number
  readonly syn?: boolean
  readonly fin?: boolean
}

const two = (value: number) => [(value >>> 8) & 0xff, value & 0xff]
const four = (value: number) => [...two(value >>> 16), ...two(value)]
const NOTHING = new Uint8Array(0)

/** An IP packet with a TCP segment. */
export function ipPacket({ ends = FORTH, sequence, payload = NOTHING, acknowledgment, syn, fin }: SegmentFields): Uint8Array {
  const flags = (fin ? 1 : 0) | (syn ? 2 : 0) | (acknowledgment === undefined ? 0 : 16)
  const tcp = [
    ...two(ends.fromPort),
    ...two(ends.toPort),
    ...four(sequence),
    ...four(acknowledgment ?? 0),
    0x50,
    flags,
    0,
    0,
    0,
    0,
    0,
    0,
    ...payload,
  ]
  if (ends.from.length === 16) return Uint8Array.from([0x60, 0, 0, 0, ...two(tcp.length), 6, 64, ...ends.from, ...ends.to, ...tcp])
  return Uint8Array.from([0x45, 0, ...two(20 + tcp.length), 0, 0, 0x40, 0, 64, 6, 0, 0, ...ends.from, ...ends.to, ...tcp])
}

/** An Ethernet frame, padded to its least size as a network card does. */
export function frame(packet: Uint8Array, tags: readonly number[] = []): Uint8Array {
  const type = packet[0]! >>> 4 === 6 ? [0x86, 0xdd] : [0x08, 0x00]
  const octets = [...Array(12).fill(2), ...tags, ...type, ...packet]
  while (octets.length < 60) octets.push(0)
  return Uint8Array.from(octets)
}

export interface FileFields {
  readonly linkType?: number
  readonly little?: boolean
  readonly nanoseconds?: boolean
  /** Captured octets of each packet at most. */
  readonly snap?: number
}

const order = (octets: number[], little: boolean) => (little ? octets.reverse() : octets)

/** A pcap file, a packet a second from second 1 on. */
export function pcap(
  packets: readonly Uint8Array[],
  { linkType = 1, little = true, nanoseconds = false, snap = 65535 }: FileFields = {},
): Uint8Array {
  const u32 = (value: number) => order(four(value), little)
  const u16 = (value: number) => order(two(value), little)
  const magic = nanoseconds ? 0xa1b23c4d : 0xa1b2c3d4
  const out = [...u32(magic), ...u16(2), ...u16(4), ...u32(0), ...u32(0), ...u32(snap), ...u32(linkType)]
  for (const [i, packet] of packets.entries()) {
    const captured = packet.subarray(0, snap)
    out.push(...u32(i + 1), ...u32(5), ...u32(captured.length), ...u32(packet.length), ...captured)
  }
  return Uint8Array.from(out)
}

/** A pcapng file; time in microseconds unless a resolution option is given. */
export function pcapng(packets: readonly Uint8Array[], { linkType = 1, little = true }: FileFields = {}, resolution?: number): Uint8Array {
  const u32 = (value: number) => order(four(value), little)
  const u16 = (value: number) => order(two(value), little)
  const block = (type: number, body: readonly number[]) => {
    const padded = [...body, ...Array((4 - (body.length % 4)) % 4).fill(0)]
    return [...u32(type), ...u32(padded.length + 12), ...padded, ...u32(padded.length + 12)]
  }
  const options = resolution === undefined ? [] : [...u16(9), ...u16(1), resolution, 0, 0, 0, ...u16(0), ...u16(0)]
  const out = [
    ...block(0x0a0d0d0a, [...u32(0x1a2b3c4d), ...u16(1), ...u16(0), ...u32(0xffffffff), ...u32(0xffffffff)]),
    ...block(1, [...u16(linkType), ...u16(0), ...u32(0), ...options]),
    ...block(5, [...u32(0), ...u32(0), ...u32(0)]),
  ]
  for (const [i, packet] of packets.entries()) {
    out.push(...block(6, [...u32(0), ...u32(0), ...u32((i + 1) * 1_000_000), ...u32(packet.length), ...u32(packet.length), ...packet]))
  }
  return Uint8Array.from(out)
}

/** Segments of one direction that carry the octets in pieces, from `sequence` on. */
export function segments(octets: Uint8Array, size: number, sequence: number, ends: Ends = FORTH): Uint8Array[] {
  const packets: Uint8Array[] = []
  for (let at = 0; at < octets.length; at += size) {
    packets.push(frame(ipPacket({ ends, sequence: (sequence + at) >>> 0, payload: octets.subarray(at, at + size) })))
  }
  return packets
}
