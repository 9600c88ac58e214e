/** What the domains of the benchmark say: a local NVE of a MAC that is attached or moves, and the other domain of as much as it can. */
import {
  asPath,
  extCommunities,
  join,
  LOCAL_PREF_100,
  macIpNlri,
  mpReach,
  mpUnreach,
  ORIGIN_IGP,
  u32Octets,
  update,
} from '../../wire/update-octets.ts'

export const LOCAL_AS = 65000
export const OTHER_AS = 65099
/** The VN that is shared; the other domain has one more that is not. */
export const VNI = 10_000
const UNSHARED_VNI = 20_000
/** NLRI in an UPDATE: it stays below 4096 octets. */
const PACKED = 100
/** Octets that are handed to TCP in one go. */
const CHUNK = 64 * 1024
const VXLAN = '030c000000000008'
/** First octets of the MACs whose way is measured, behind 02:00: no other MAC has them. */
const PROBED = 0xf0

/** What is sent as fast as TCP takes it, again and again. */
export interface FloodSettings {
  /** Routes of the VN that is shared; false: of the one that is not. */
  readonly shared: boolean
  readonly macs: number
  /** One route in an UPDATE, each with path attributes that no other one has. */
  readonly unpacked: boolean
}

export interface Chunk {
  readonly octets: Uint8Array
  readonly changes: number
}

/** One round: every MAC is announced, announced otherwise and withdrawn. */
export function floodRound({ shared, macs, unpacked }: FloodSettings): Chunk[] {
  const vni = shared ? VNI : UNSHARED_VNI
  const packed = unpacked ? 1 : PACKED
  const updates: Uint8Array[] = []
  for (const sequence of [0, 1, null])
    for (let first = 0; first < macs; first += packed) {
      const nlri = Array.from({ length: Math.min(packed, macs - first) }, (_, index) => macIpNlri(first + index, { rd: 99, label: vni }))
      if (sequence === null) updates.push(update([mpUnreach(join(...nlri))]))
      else updates.push(update([...otherAttributes(vni, sequence, unpacked ? first : null), mpReach([10, 99, 0, 1], join(...nlri))]))
    }
  return chunked(updates, packed)
}

function otherAttributes(vni: number, sequence: number, mark: number | null): Uint8Array[] {
  const colors = mark === null ? [] : [`030b0000${hex(mark)}`]
  return [ORIGIN_IGP, asPath(OTHER_AS), extCommunities(target(OTHER_AS, vni), VXLAN, mobility(sequence), ...colors)]
}

function chunked(updates: readonly Uint8Array[], changes: number): Chunk[] {
  const chunks: Chunk[] = []
  let gathered: Uint8Array[] = []
  let octets = 0
  const close = () => {
    if (gathered.length > 0) chunks.push({ octets: join(...gathered), changes: gathered.length * changes })
    gathered = []
    octets = 0
  }
  for (const one of updates) {
    gathered.push(one)
    octets += one.length
    if (octets >= CHUNK) close()
  }
  close()
  return chunks
}

/** An UPDATE of NVE `nve` (1 or 2) by which MAC number `mac` (0 to 255) is attached to it. */
export function attached(nve: number, mac: number, sequence: number): Uint8Array {
  const attributes = [ORIGIN_IGP, asPath(), LOCAL_PREF_100, extCommunities(target(LOCAL_AS, VNI), VXLAN, mobility(sequence))]
  return update([...attributes, mpReach([10, 98, 0, nve], macIpNlri(PROBED * 2 ** 24 + mac, { rd: nve, label: VNI }))])
}

/** In the NLRI with its type and length: the octet of the RD that tells the NVE, and the MAC. */
const RD_AT = 2 + 5
const MAC_AT = 2 + 8 + 10 + 4 + 1

/** Whether the NLRI at `from` is the one of `attached(nve, mac, ...)`. */
export function isAttached(nve: number, mac: number, bytes: Uint8Array, from: number): boolean {
  return bytes[from + MAC_AT + 2] === PROBED && bytes[from + MAC_AT + 5] === mac && bytes[from + RD_AT] === nve
}

const hex = (value: number) => Buffer.from(u32Octets(value)).toString('hex')
const target = (asn: number, vni: number) => `0002${hex(asn).slice(4)}${hex(vni)}`
const mobility = (sequence: number) => `06000000${hex(sequence)}`
