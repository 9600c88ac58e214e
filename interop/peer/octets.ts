/**
 * BGP messages as octets, as far as the scripted peer needs them (RFC 4271 §4, RFC 4760). Written for itself and on purpose without anything
 * from src/, so that an error there cannot hide behind the same error here.
 */
export const MESSAGE = { open: 1, update: 2, notification: 3, keepalive: 4, routeRefresh: 5 } as const

export const HEADER = 19
export const MARKER = Buffer.alloc(16, 0xff)
const AS_TRANS = 23456
const EVPN = [0x00, 0x19, 0x46] as const

const u16 = (value: number): Buffer => Buffer.from([value >> 8, value & 0xff])
const u32 = (value: number): Buffer => {
  const out = Buffer.alloc(4)
  out.writeUInt32BE(value)
  return out
}
const ipv4 = (text: string): Buffer => Buffer.from(text.split('.').map(Number))

export const message = (type: number, body: Uint8Array): Buffer =>
  Buffer.concat([MARKER, u16(HEADER + body.length), Buffer.from([type]), body])

export const keepalive = (): Buffer => message(MESSAGE.keepalive, Buffer.alloc(0))

/** Offers l2vpn/evpn and 4-octet AS numbers, nothing else. */
export function open(asn: number, routerId: string, holdTimeSeconds: number): Buffer {
  const capabilities = Buffer.concat([Buffer.from([1, 4, 0x00, 0x19, 0x00, 0x46]), Buffer.from([65, 4]), u32(asn)])
  const parameter = Buffer.concat([Buffer.from([2, capabilities.length]), capabilities])
  return message(
    MESSAGE.open,
    Buffer.concat([
      Buffer.from([4]),
      u16(asn > 0xffff ? AS_TRANS : asn),
      u16(holdTimeSeconds),
      ipv4(routerId),
      Buffer.from([parameter.length]),
      parameter,
    ]),
  )
}

export interface Attribute {
  readonly flags: number
  readonly code: number
  readonly value: Uint8Array
}

const EXTENDED_LENGTH = 0x10

export function attribute({ flags, code, value }: Attribute): Buffer {
  const long = value.length > 255
  const head = long ? [flags | EXTENDED_LENGTH, code, value.length >> 8, value.length & 0xff] : [flags, code, value.length]
  return Buffer.concat([Buffer.from(head), value])
}

export const update = (attributes: readonly Attribute[]): Buffer => {
  const octets = Buffer.concat(attributes.map(attribute))
  return message(MESSAGE.update, Buffer.concat([u16(0), u16(octets.length), octets]))
}

/** One EVPN NLRI: route type, length, body. */
export const nlri = (type: number, body: Uint8Array): Buffer => Buffer.concat([Buffer.from([type, body.length]), body])

export const mpReach = (nextHop: string, ...routes: readonly Uint8Array[]): Attribute => ({
  flags: 0x80,
  code: 14,
  value: Buffer.concat([Buffer.from([...EVPN, 4]), ipv4(nextHop), Buffer.from([0]), ...routes]),
})

export const mpUnreach = (...routes: readonly Uint8Array[]): Attribute => ({
  flags: 0x80,
  code: 15,
  value: Buffer.concat([Buffer.from(EVPN), ...routes]),
})

/** ORIGIN, an empty AS_PATH, LOCAL_PREF 100 and the extended communities given: what an iBGP speaker has to send. */
export const internalAttributes = (...extendedCommunities: readonly Uint8Array[]): Attribute[] => [
  { flags: 0x40, code: 1, value: Buffer.from([0]) },
  { flags: 0x40, code: 2, value: Buffer.alloc(0) },
  { flags: 0x40, code: 5, value: u32(100) },
  { flags: 0xc0, code: 16, value: Buffer.concat(extendedCommunities) },
]

/** What an eBGP speaker of AS `asn` has to send. */
export const externalAttributes = (asn: number, ...extendedCommunities: readonly Uint8Array[]): Attribute[] => [
  { flags: 0x40, code: 1, value: Buffer.from([0]) },
  { flags: 0x40, code: 2, value: Buffer.concat([Buffer.from([2, 1]), u32(asn)]) },
  { flags: 0xc0, code: 16, value: Buffer.concat(extendedCommunities) },
]

/** Route target of a 2-octet AS (RFC 4360 §4). */
export const routeTarget = (asn: number, value: number): Buffer => Buffer.concat([Buffer.from([0, 2]), u16(asn), u32(value)])

export interface Notification {
  readonly code: number
  readonly subcode: number
  readonly data: Buffer
}

export const readNotification = (octets: Buffer): Notification => ({
  code: octets[HEADER]!,
  subcode: octets[HEADER + 1]!,
  data: octets.subarray(HEADER + 2),
})

/** A route as it stands in an UPDATE: everything in hexadecimal, so that it can be compared octet for octet. */
export interface SeenRoute {
  /** Route type, length and body. */
  readonly nlri: string
  readonly type: number
  readonly nextHop: string
  /** By code: flags without the extended-length bit, then the value. MP_REACH_NLRI is taken apart above. */
  readonly attributes: ReadonlyMap<number, string>
}

/**
 * The octets of an NLRI that name its route (RFC 7432 §7, RFC 9136 §3.1). ESI and labels of types 2 and 5, gateway of type 5 and label of type 1
 * are not among them, nor is what follows the originator in types 6 to 8 (RFC 9251 §9), so that a withdrawal may carry anything there. Of every
 * other type all octets count.
 */
export function routeKey(nlriHex: string): string {
  const octets = Buffer.from(nlriHex, 'hex')
  const rd = octets.subarray(2, 10)
  const pick = (...parts: Buffer[]) => `${octets[0]} ${Buffer.concat([rd, ...parts]).toString('hex')}`
  switch (octets[0]) {
    case 1:
      return pick(octets.subarray(10, 24))
    case 2:
      return pick(octets.subarray(20, 32 + octets[31]! / 8))
    case 5:
      return pick(octets.subarray(20, 25 + (octets.length - 28) / 2))
    case 6:
    case 7:
      return pick(octets.subarray(10, -1))
    case 8:
      return pick(octets.subarray(10, -6))
    default:
      return `${octets[0]} ${octets.subarray(2).toString('hex')}`
  }
}

export interface SeenUpdate {
  readonly announced: readonly SeenRoute[]
  readonly withdrawn: readonly string[]
}

function splitNlri(octets: Buffer): Buffer[] {
  const routes: Buffer[] = []
  for (let at = 0; at < octets.length; ) {
    const size = 2 + octets[at + 1]!
    routes.push(octets.subarray(at, at + size))
    at += size
  }
  return routes
}

const isEvpn = (value: Buffer): boolean => EVPN.every((octet, index) => value[index] === octet)

export function readUpdate(octets: Buffer): SeenUpdate {
  const withdrawnLength = octets.readUInt16BE(HEADER)
  let at = HEADER + 2 + withdrawnLength
  const end = at + 2 + octets.readUInt16BE(at)
  at += 2
  const attributes = new Map<number, string>()
  const withdrawn: string[] = []
  let reach: Buffer | undefined
  while (at < end) {
    const flags = octets[at]!
    const code = octets[at + 1]!
    const extended = (flags & EXTENDED_LENGTH) !== 0
    const length = extended ? octets.readUInt16BE(at + 2) : octets[at + 2]!
    const from = at + (extended ? 4 : 3)
    const value = octets.subarray(from, from + length)
    at = from + length
    if (code === 14 && isEvpn(value)) reach = value
    else if (code === 15 && isEvpn(value)) withdrawn.push(...splitNlri(value.subarray(3)).map((route) => route.toString('hex')))
    else attributes.set(code, `${(flags & ~EXTENDED_LENGTH).toString(16).padStart(2, '0')} ${value.toString('hex')}`)
  }
  if (reach === undefined) return { announced: [], withdrawn }
  const nextHopLength = reach[3]!
  const nextHop = reach.subarray(4, 4 + nextHopLength).toString('hex')
  const routes = splitNlri(reach.subarray(5 + nextHopLength))
  return { announced: routes.map((route) => ({ nlri: route.toString('hex'), type: route[0]!, nextHop, attributes })), withdrawn }
}
