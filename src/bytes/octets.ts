/**
 * Big-endian reads and writes on octets that somebody else sent. The caller has checked the bounds; these functions are the one place
 * that settles what an index out of range means to the type checker (it cannot happen).
 */

/** One octet. */
export function u8(bytes: Uint8Array, at: number): number {
  return bytes[at]!
}

/** Two octets, network order. */
export function u16(bytes: Uint8Array, at: number): number {
  return (bytes[at]! << 8) | bytes[at + 1]!
}

/** Three octets, network order. */
export function u24(bytes: Uint8Array, at: number): number {
  return (bytes[at]! << 16) | (bytes[at + 1]! << 8) | bytes[at + 2]!
}

/** Four octets, network order, unsigned. */
export function u32(bytes: Uint8Array, at: number): number {
  return ((bytes[at]! << 24) | (bytes[at + 1]! << 16) | (bytes[at + 2]! << 8) | bytes[at + 3]!) >>> 0
}

/** Writes one octet; returns the offset behind it. */
export function put8(out: Uint8Array, at: number, value: number): number {
  out[at] = value
  return at + 1
}

/** Writes two octets, network order; returns the offset behind them. */
export function put16(out: Uint8Array, at: number, value: number): number {
  out[at] = value >>> 8
  out[at + 1] = value
  return at + 2
}

/** Writes three octets, network order; returns the offset behind them. */
export function put24(out: Uint8Array, at: number, value: number): number {
  out[at] = value >>> 16
  out[at + 1] = value >>> 8
  out[at + 2] = value
  return at + 3
}

/** Writes four octets, network order; returns the offset behind them. */
export function put32(out: Uint8Array, at: number, value: number): number {
  out[at] = value >>> 24
  out[at + 1] = value >>> 16
  out[at + 2] = value >>> 8
  out[at + 3] = value
  return at + 4
}

/** Copies `from`..`to` of `bytes` to `at` of `out`; returns the offset behind. A byte loop: runs on the hot path are short. */
export function copy(bytes: Uint8Array, from: number, to: number, out: Uint8Array, at: number): number {
  let target = at
  for (let source = from; source < to; source++) out[target++] = bytes[source]!
  return target
}

/** Whether `length` octets at `at` of `a` and at `bt` of `b` are the same. */
export function same(a: Uint8Array, at: number, b: Uint8Array, bt: number, length: number): boolean {
  for (let i = 0; i < length; i++) if (a[at + i] !== b[bt + i]) return false
  return true
}

/** The octets `from`..`to` in memory of their own. (`slice` of a Buffer is a view and pins, or changes with, the buffer it came from.) */
export function copyOf(bytes: Uint8Array, from: number, to: number): Uint8Array {
  return new Uint8Array(bytes.subarray(from, to))
}

/** Lower-case hex of `from`..`to`. */
export function hex(bytes: Uint8Array, from = 0, to = bytes.length): string {
  let text = ''
  for (let at = from; at < to; at++) text += HEX[bytes[at]!]
  return text
}

const HEX: readonly string[] = Array.from({ length: 256 }, (_, value) => value.toString(16).padStart(2, '0'))
