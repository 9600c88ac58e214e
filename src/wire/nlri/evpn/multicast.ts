/**
 * Who asks for which multicast flow, as route types 6, 7, 8 and 10 have it (RFC 9251 §9, RFC 9572 §3.2): three addresses, each behind its length
 * in bits.
 *
 *     +---------------------------+
 *     | Source length      (1)    |  0: any source
 *     | Source         (0, 4, 16) |
 *     | Group length       (1)    |  0: any group, then the source is any too
 *     | Group          (0, 4, 16) |
 *     | Originator length  (1)    |  32 or 128, of whatever version the flow is
 *     | Originator        (4, 16) |
 *     +---------------------------+
 */
import { formatIp, writeIp } from '../../../address/ip.ts'
import { put8, u8 } from '../../../bytes/octets.ts'

export interface MulticastView {
  readonly sourceLength: number
  /** null: any source. */
  readonly source: string | null
  readonly groupLength: number
  /** null: any group. */
  readonly group: string | null
  readonly originatorLength: number
  readonly originator: string
}

export interface MulticastFields {
  readonly source?: string | null
  readonly group?: string | null
  readonly originator: string
}

/** Offset behind the address whose length octet is at `at`; `end` when it runs over. Total: any octets. */
function behind(bytes: Uint8Array, at: number, end: number): number {
  return at < end ? Math.min(at + 1 + ((u8(bytes, at) + 7) >>> 3), end) : end
}

/** Offset behind the three addresses at `at`, at most `end`. Total: any octets. Hot: allocates nothing. */
export function multicastEnd(bytes: Uint8Array, at: number, end: number): number {
  return behind(bytes, behind(bytes, behind(bytes, at, end), end), end)
}

const sound = (length: number) => length === 32 || length === 128

/** Octets that the three addresses at `at` take, -1 when their lengths cannot be or run over `end`. Hot: allocates nothing. */
export function multicastOctets(bytes: Uint8Array, at: number, end: number): number {
  if (at >= end) return -1
  const source = u8(bytes, at)
  const groupAt = at + 1 + (source >>> 3)
  if (groupAt >= end) return -1
  const group = u8(bytes, groupAt)
  const originatorAt = groupAt + 1 + (group >>> 3)
  if (originatorAt >= end) return -1
  const originator = u8(bytes, originatorAt)
  const behindAll = originatorAt + 1 + (originator >>> 3)
  if (behindAll > end || !sound(originator)) return -1
  if (group !== 0 && !sound(group)) return -1
  if (source !== 0 && source !== group) return -1
  return behindAll - at
}

/** The addresses at `at`, which `multicastOctets` has passed. */
export function readMulticast(bytes: Uint8Array, at: number): MulticastView {
  const sourceLength = u8(bytes, at)
  const groupAt = at + 1 + (sourceLength >>> 3)
  const groupLength = u8(bytes, groupAt)
  const originatorAt = groupAt + 1 + (groupLength >>> 3)
  const originatorLength = u8(bytes, originatorAt)
  return {
    sourceLength,
    source: sourceLength === 0 ? null : formatIp(bytes, at + 1, sourceLength >>> 3),
    groupLength,
    group: groupLength === 0 ? null : formatIp(bytes, groupAt + 1, groupLength >>> 3),
    originatorLength,
    originator: formatIp(bytes, originatorAt + 1, originatorLength >>> 3),
  }
}

/** Writes the three addresses; returns the offset behind. */
export function putMulticast({ source, group, originator }: MulticastFields, out: Uint8Array, at: number): number {
  let end = at
  for (const address of [source, group, originator]) {
    const addressAt = end + 1
    const addressEnd = address === null || address === undefined ? addressAt : writeIp(address, out, addressAt)
    put8(out, end, (addressEnd - addressAt) * 8)
    end = addressEnd
  }
  return end
}

/** `:[32]:[10.1.1.1]:[32]:[239.1.1.1]:[32]:[192.0.2.1]`; `*` stands for any. */
export function formatMulticast(view: MulticastView): string {
  const { sourceLength, source, groupLength, group, originatorLength, originator } = view
  return `:[${sourceLength}]:[${source ?? '*'}]:[${groupLength}]:[${group ?? '*'}]:[${originatorLength}]:[${originator}]`
}
