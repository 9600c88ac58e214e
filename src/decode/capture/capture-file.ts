/**
 * Capture files as packets, read in pieces of any size: pcap (draft-ietf-opsawg-pcap) and pcapng (draft-ietf-opsawg-pcapng), both byte orders.
 *
 *     pcap    file header (24): magic (4) version (2+2) - (8) snap length (4) link type (4)
 *             packet: seconds (4) fraction (4) captured (4) on the wire (4) octets
 *     pcapng  block: type (4) length (4) body, padded to 4; length again (4)
 *             section header 0x0a0d0d0a, interface 1, simple packet 3, enhanced packet 6, packet 2 (old)
 */
import { u8, u16, u32 } from '../../bytes/octets.ts'

/** When and how a packet was captured. Reused from packet to packet. */
export interface PacketMark {
  /** Counts from 1, every packet of the file. */
  number: number
  /** Since 1970, UTC. */
  seconds: number
  nanoseconds: number
  /** LINKTYPE number (tcpdump.org). */
  linkType: number
}

/** Takes one packet: octets `from`..`to` of `bytes` as captured, borrowed until return. */
export type PacketTaker = (bytes: Uint8Array, from: number, to: number, mark: Readonly<PacketMark>) => void

/** Longer records are taken for damage: nothing that carries BGP has them. */
const LONGEST_RECORD = 1 << 24
const FILE_HEADER = 24
const RECORD_HEADER = 16
const BLOCK_HEADER = 8

const SECTION = 0x0a0d0d0a
const BLOCK = { interface: 1, packet: 2, simple: 3, enhanced: 6 } as const

interface Interface {
  readonly linkType: number
  readonly snapLength: number
  /** Ticks of a second. */
  readonly resolution: bigint
  /** Seconds to add. */
  readonly offset: number
}

/** Whether a file that begins with these octets is a pcap or pcapng file. */
export function isCapture(head: Uint8Array): boolean {
  if (head.length < 4) return false
  return u32(head, 0) === SECTION || pcapOrder(head) !== null
}

/** Byte order and ticks of a second, from the magic number; null when it is none. */
function pcapOrder(head: Uint8Array): { readonly little: boolean; readonly nanoseconds: boolean } | null {
  switch (u32(head, 0)) {
    case 0xa1b2c3d4:
      return { little: false, nanoseconds: false }
    case 0xd4c3b2a1:
      return { little: true, nanoseconds: false }
    case 0xa1b23c4d:
      return { little: false, nanoseconds: true }
    case 0x4d3cb2a1:
      return { little: true, nanoseconds: true }
    default:
      return null
  }
}

type Form = 'unknown' | 'pcap' | 'pcapng'

/** Reads one capture file. Holds at most one record besides the piece it was given. */
export class CaptureFile {
  private form: Form = 'unknown'
  private little = true
  private nanoseconds = false
  private rest: Uint8Array = new Uint8Array(0)
  private interfaces: Interface[] = []
  private readonly mark: PacketMark = { number: 0, seconds: 0, nanoseconds: 0, linkType: 0 }
  private readonly take: PacketTaker
  private broken = false

  constructor(take: PacketTaker) {
    this.take = take
  }

  /** Packets so far. */
  get packets(): number {
    return this.mark.number
  }

  /** Reads on. Returns why the file cannot be read any further, or null. */
  push(piece: Uint8Array): string | null {
    if (this.broken) return null
    let bytes = piece
    if (this.rest.length > 0) {
      bytes = new Uint8Array(this.rest.length + piece.length)
      bytes.set(this.rest)
      bytes.set(piece, this.rest.length)
    }
    const end = this.read(bytes)
    if (typeof end === 'string') {
      this.broken = true
      this.rest = new Uint8Array(0)
      return end
    }
    this.rest = new Uint8Array(bytes.subarray(end))
    return null
  }

  /** The end of the file. Returns what is missing, or null. */
  end(): string | null {
    return this.rest.length === 0 || this.broken ? null : `the file ends within a packet: its last ${this.rest.length} octets are left over`
  }

  /** Takes all whole records; returns the offset behind them. */
  private read(bytes: Uint8Array): number | string {
    let at = 0
    if (this.form === 'unknown') {
      if (bytes.length < FILE_HEADER) return 0
      const order = pcapOrder(bytes)
      if (order === null) {
        if (u32(bytes, 0) !== SECTION) return 'not a pcap or pcapng file'
        this.form = 'pcapng'
      } else {
        this.form = 'pcap'
        this.little = order.little
        this.nanoseconds = order.nanoseconds
        // The upper bits tell of a frame check sequence behind the packet, which the IP length cuts off anyway.
        this.mark.linkType = this.four(bytes, 20) & 0x03ffffff
        at = FILE_HEADER
      }
    }
    return this.form === 'pcap' ? this.records(bytes, at) : this.blocks(bytes, at)
  }

  private records(bytes: Uint8Array, start: number): number | string {
    let at = start
    while (bytes.length - at >= RECORD_HEADER) {
      const captured = this.four(bytes, at + 8)
      if (captured > LONGEST_RECORD) return `packet ${this.mark.number + 1} says it has ${captured} octets: the file is damaged`
      const end = at + RECORD_HEADER + captured
      if (end > bytes.length) break
      const fraction = this.four(bytes, at + 4)
      this.mark.number++
      this.mark.seconds = this.four(bytes, at)
      this.mark.nanoseconds = this.nanoseconds ? fraction : fraction * 1000
      this.take(bytes, at + RECORD_HEADER, end, this.mark)
      at = end
    }
    return at
  }

  private blocks(bytes: Uint8Array, start: number): number | string {
    let at = start
    while (bytes.length - at >= BLOCK_HEADER + 4) {
      const type = this.four(bytes, at)
      // A section header tells its own byte order.
      if (u32(bytes, at) === SECTION) {
        const order = u32(bytes, at + BLOCK_HEADER)
        if (order !== 0x1a2b3c4d && order !== 0x4d3c2b1a) return 'a section header without a byte order: the file is damaged'
        this.little = order === 0x4d3c2b1a
      }
      const length = this.four(bytes, at + 4)
      if (length < BLOCK_HEADER + 4 || length > LONGEST_RECORD || length % 4 !== 0) {
        return `a block of ${length} octets: the file is damaged`
      }
      if (at + length > bytes.length) break
      if (u32(bytes, at) === SECTION) this.interfaces = []
      else this.block(type, bytes, at + BLOCK_HEADER, at + length - 4)
      at += length
    }
    return at
  }

  /** One block, its body in `from`..`to`. Those that are not packets or interfaces say nothing about packets. */
  private block(type: number, bytes: Uint8Array, from: number, to: number): void {
    const size = to - from
    if (type === BLOCK.interface && size >= 8) this.interfaces.push(this.describeInterface(bytes, from, to))
    else if (type === BLOCK.enhanced && size >= 20) {
      this.packet(bytes, from + 20, to, this.four(bytes, from), this.ticks(bytes, from + 4), this.four(bytes, from + 12))
    } else if (type === BLOCK.packet && size >= 20) {
      this.packet(bytes, from + 20, to, this.two(bytes, from), this.ticks(bytes, from + 4), this.four(bytes, from + 12))
    } else if (type === BLOCK.simple && size >= 4) {
      const { snapLength } = this.interfaces[0] ?? { snapLength: 0 }
      const wire = this.four(bytes, from)
      this.packet(bytes, from + 4, to, 0, 0n, snapLength === 0 ? wire : Math.min(wire, snapLength))
    }
  }

  private packet(bytes: Uint8Array, from: number, to: number, index: number, ticks: bigint, captured: number): void {
    const { mark } = this
    mark.number++
    const of = this.interfaces[index]
    if (of === undefined) return
    const seconds = ticks / of.resolution
    mark.seconds = Number(seconds) + of.offset
    mark.nanoseconds = Number(((ticks - seconds * of.resolution) * 1_000_000_000n) / of.resolution)
    mark.linkType = of.linkType
    this.take(bytes, from, Math.min(to, from + captured), mark)
  }

  private describeInterface(bytes: Uint8Array, from: number, to: number): Interface {
    let resolution = 1_000_000n
    let offset = 0
    for (let at = from + 8; at + 4 <= to; ) {
      const code = this.two(bytes, at)
      const length = this.two(bytes, at + 2)
      const value = at + 4
      if (code === 0 || value + length > to) break
      if (code === 9 && length === 1) {
        const power = u8(bytes, value)
        resolution = power & 0x80 ? 1n << BigInt(power & 0x7f) : 10n ** BigInt(power & 0x7f)
      }
      if (code === 14 && length === 8) offset = Number(BigInt.asIntN(64, this.eight(bytes, value)))
      at = value + ((length + 3) & ~3)
    }
    return { linkType: this.two(bytes, from), snapLength: this.four(bytes, from + 4), resolution, offset }
  }

  /** A time stamp: the upper half comes first in either byte order. */
  private ticks(bytes: Uint8Array, at: number): bigint {
    return (BigInt(this.four(bytes, at)) << 32n) | BigInt(this.four(bytes, at + 4))
  }

  private eight(bytes: Uint8Array, at: number): bigint {
    const [low, high] = this.little ? [at, at + 4] : [at + 4, at]
    return (BigInt(this.four(bytes, high)) << 32n) | BigInt(this.four(bytes, low))
  }

  private two(bytes: Uint8Array, at: number): number {
    return this.little ? u8(bytes, at) | (u8(bytes, at + 1) << 8) : u16(bytes, at)
  }

  private four(bytes: Uint8Array, at: number): number {
    if (!this.little) return u32(bytes, at)
    return (u8(bytes, at) | (u8(bytes, at + 1) << 8) | (u8(bytes, at + 2) << 16) | (u8(bytes, at + 3) << 24)) >>> 0
  }
}
