/** The communities that steer traffic: color and link bandwidth. */
import { put16, put32, u16, u32 } from '../../bytes/octets.ts'
import type { ExtendedCommunity } from './extended-community.ts'

export interface Color {
  readonly flags: number
  readonly color: number
}

/** Color, RFC 9012 §4.3: flags (2), color (4). */
export const color: ExtendedCommunity<Color> = {
  name: 'color',
  kinds: [0x030b],
  read: (bytes, at) => ({ flags: u16(bytes, at + 2), color: u32(bytes, at + 4) }),
  write: (fields, out, at) => {
    put32(out, put16(out, at + 2, fields.flags), fields.color)
  },
  format: (fields) => `Color:${fields.color}`,
}

export interface LinkBandwidth {
  /** In writing: of the transitive type. Reading tells it beside the name. */
  readonly transitive?: boolean
  readonly as: number
  /** A 32-bit floating point number. */
  readonly bytesPerSecond: number
}

/** Link Bandwidth (draft-ietf-idr-link-bandwidth §2), transitive or not: AS (2), octets per second as IEEE 754 single (4). */
export const linkBandwidth: ExtendedCommunity<LinkBandwidth> = {
  name: 'link-bandwidth',
  kinds: [0x4004, 0x0004],
  read: (bytes, at) => ({
    as: u16(bytes, at + 2),
    bytesPerSecond: new DataView(bytes.buffer, bytes.byteOffset + at + 4, 4).getFloat32(0),
  }),
  write(fields, out, at) {
    if (fields.transitive === true) out[at] = 0x00
    put16(out, at + 2, fields.as)
    new DataView(out.buffer, out.byteOffset + at + 4, 4).setFloat32(0, fields.bytesPerSecond)
  },
  format: (fields) => `LB:${fields.as}:${fields.bytesPerSecond}`,
}
