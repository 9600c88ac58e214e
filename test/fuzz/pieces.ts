/**
 * A message taken apart far enough to be spoilt at the places that matter, and put together again with lengths that are right unless a lie was asked
 * for. Of its own, so that a fault of the codec under test is no fault here too.
 */

export interface AttributePiece {
  readonly flags: number
  readonly code: number
  readonly value: Uint8Array
  /** Added to the length field. */
  readonly lie?: number
}

/** Type, length and value of an EVPN NLRI, a capability or a TLV with lengths of one octet. */
export interface Tlv {
  readonly type: number
  readonly value: Uint8Array
  readonly lie?: number
}

export interface UpdatePieces {
  readonly type: 2
  readonly withdrawn: Uint8Array
  readonly attributes: readonly AttributePiece[]
  readonly nlri: Uint8Array
}

export interface OpenPieces {
  readonly type: 1
  /** Version, AS, hold time, identifier: 9 octets. */
  readonly fixed: Uint8Array
  readonly long: boolean
  /** Capabilities, each in a parameter of its own, or all in one. */
  readonly capabilities: readonly Tlv[]
  readonly oneParameter: boolean
  /** Added to the length of the last parameter. */
  readonly lie?: number
}

export interface OtherPieces {
  readonly type: 0 | 3 | 4 | 5
  readonly octets: Uint8Array
}

export type Pieces = UpdatePieces | OpenPieces | OtherPieces

const HEADER = 19
const LONGEST = 65535

export function takeApart(message: Uint8Array): Pieces {
  const type = message.length < HEADER ? 0 : message[18]!
  if (type === 2) return takeUpdate(message) ?? { type: 0, octets: message }
  if (type === 1 && message.length >= 29) return takeOpen(message)
  return { type: type === 3 || type === 4 || type === 5 ? type : 0, octets: message }
}

function takeUpdate(message: Uint8Array): UpdatePieces | null {
  const withdrawnEnd = HEADER + 2 + number16(message, HEADER)
  if (withdrawnEnd + 2 > message.length) return null
  const attributesEnd = withdrawnEnd + 2 + number16(message, withdrawnEnd)
  if (attributesEnd > message.length) return null
  const attributes: AttributePiece[] = []
  for (let at = withdrawnEnd + 2; at + 3 <= attributesEnd; ) {
    const flags = message[at]!
    const long = (flags & 0x10) !== 0
    const length = long ? number16(message, at + 2) : message[at + 2]!
    const from = at + (long ? 4 : 3)
    at = Math.min(from + length, attributesEnd)
    attributes.push({ flags, code: message[from - (long ? 3 : 2)]!, value: message.slice(from, at) })
  }
  return { type: 2, withdrawn: message.slice(HEADER + 2, withdrawnEnd), attributes, nlri: message.slice(attributesEnd) }
}

function takeOpen(message: Uint8Array): OpenPieces {
  const long = message.length > 32 && message[29] === 255
  const capabilities: Tlv[] = []
  for (let at = long ? 32 : 29; at + 2 < message.length; ) {
    const from = at + (long ? 3 : 2)
    const end = from + (long ? number16(message, at + 1) : message[at + 1]!)
    capabilities.push(...tlvs(message.subarray(from, end)))
    at = end
  }
  return { type: 1, fixed: message.slice(HEADER, HEADER + 9), long, capabilities, oneParameter: false }
}

/** Type-length-value triples with one octet each for type and length; what is left over at the end is dropped. */
export function tlvs(octets: Uint8Array): Tlv[] {
  const found: Tlv[] = []
  for (let at = 0; at + 2 <= octets.length; ) {
    const end = at + 2 + octets[at + 1]!
    found.push({ type: octets[at]!, value: octets.slice(at + 2, end) })
    at = end
  }
  return found
}

export function joinTlvs(parts: readonly Tlv[]): Uint8Array {
  return join(...parts.flatMap(({ type, value, lie = 0 }) => [[type, (value.length + lie) & 255], value]))
}

/** The whole message. What would not fit into 65535 octets is cut off. */
export function putTogether(pieces: Pieces): Uint8Array {
  if (pieces.type === 2) return message(2, updateBody(pieces))
  if (pieces.type === 1) return message(1, openBody(pieces))
  return pieces.octets
}

function updateBody({ withdrawn, attributes, nlri }: UpdatePieces): Uint8Array {
  const octets = join(...attributes.flatMap(attributeParts))
  const kept = octets.subarray(0, LONGEST - HEADER - 4 - withdrawn.length)
  return join(two(withdrawn.length), withdrawn, two(kept.length), kept, nlri)
}

function attributeParts({ flags, code, value, lie = 0 }: AttributePiece): ArrayLike<number>[] {
  const long = value.length > 255 || (flags & 0x10) !== 0
  return [[long ? flags | 0x10 : flags & ~0x10, code], long ? two(value.length + lie) : [(value.length + lie) & 255], value]
}

function openBody({ fixed, long, capabilities, oneParameter, lie = 0 }: OpenPieces): Uint8Array {
  const values = oneParameter ? [joinTlvs(capabilities)] : capabilities.map((one) => joinTlvs([one]))
  const parameters = join(
    ...values.flatMap((value, i) => {
      const length = value.length + (i === values.length - 1 ? lie : 0)
      return [[2], long ? two(length) : [length & 255], value]
    }),
  )
  return join(fixed, long ? [255, 255, ...two(parameters.length)] : [parameters.length & 255], parameters)
}

/** Marker, length and type in front of a body. */
export function message(type: number, body: Uint8Array): Uint8Array {
  const kept = body.subarray(0, LONGEST - HEADER)
  return join(new Array(16).fill(0xff), two(HEADER + kept.length), [type], kept)
}

export function join(...parts: readonly ArrayLike<number>[]): Uint8Array {
  const out = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0))
  let at = 0
  for (const part of parts) {
    out.set(part, at)
    at += part.length
  }
  return out
}

export function two(value: number): number[] {
  return [(value >>> 8) & 255, value & 255]
}

export function number16(octets: Uint8Array, at: number): number {
  return ((octets[at] ?? 0) << 8) | (octets[at + 1] ?? 0)
}
