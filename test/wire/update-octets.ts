/** UPDATE messages put together octet by octet, wrong ones too: nothing here uses the codecs under test. */

export function join(...parts: readonly (Uint8Array | readonly number[])[]): Uint8Array {
  const joined = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0))
  let at = 0
  for (const part of parts) {
    joined.set(part, at)
    at += part.length
  }
  return joined
}

export const u16Octets = (value: number) => [value >>> 8, value & 0xff]
export const u32Octets = (value: number) => [value >>> 24, (value >>> 16) & 0xff, (value >>> 8) & 0xff, value & 0xff]

/** A message with a sound header. */
export function message(type: number, body: Uint8Array | readonly number[]): Uint8Array {
  return join(Array(16).fill(0xff), u16Octets(19 + body.length), [type], body)
}

/** One path attribute; with the extended length where the flags say so or the value needs it. */
export function attribute(flags: number, code: number, value: Uint8Array | readonly number[] = []): Uint8Array {
  const extended = (flags & 0x10) !== 0 || value.length > 255
  return join([extended ? flags | 0x10 : flags, code], extended ? u16Octets(value.length) : [value.length], value)
}

export function update(attributes: readonly Uint8Array[], withdrawn: readonly number[] = [], nlri: readonly number[] = []): Uint8Array {
  const all = join(...attributes)
  return message(2, join(u16Octets(withdrawn.length), withdrawn, u16Octets(all.length), all, nlri))
}

const EVPN = [0, 25, 70]

export function mpReach(nextHop: readonly number[], nlri: Uint8Array | readonly number[], family: readonly number[] = EVPN): Uint8Array {
  return attribute(0x90, 14, join(family, [nextHop.length], nextHop, [0], nlri))
}

export function mpUnreach(nlri: Uint8Array | readonly number[], family: readonly number[] = EVPN): Uint8Array {
  return attribute(0x90, 15, join(family, nlri))
}

export const ORIGIN_IGP = attribute(0x40, 1, [0])
export const LOCAL_PREF_100 = attribute(0x40, 5, [0, 0, 0, 100])
/** AS_PATH of one AS_SEQUENCE of 4-octet numbers; empty when there are none. */
export const asPath = (...asns: number[]) => attribute(0x40, 2, asns.length === 0 ? [] : [2, asns.length, ...asns.flatMap(u32Octets)])
/** Extended communities from hex. */
export const extCommunities = (...hex: string[]) => attribute(0xc0, 16, Buffer.from(hex.join(''), 'hex'))

/** An EVPN MAC/IP route (type 2) whose MAC ends in `mac`, 33 octets of body. */
export function macIpNlri(mac: number, { esi = 0, label = 100, rd = 1 }: { esi?: number; label?: number; rd?: number } = {}): Uint8Array {
  return join(
    [2, 33],
    [0, 1, 10, 0, 0, rd, 0, 1],
    Array(9).fill(0),
    [esi],
    [0, 0, 0, 0],
    [48, 2, 0],
    u32Octets(mac),
    [0],
    [label >>> 16, (label >>> 8) & 0xff, label & 0xff],
  )
}
