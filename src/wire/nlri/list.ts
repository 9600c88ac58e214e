/** A list of NLRI of any family as views, for people and programs. Families that are not decoded are shown as hex. */
import { hex, put32, u32 } from '../../bytes/octets.ts'
import type { AddressFamily } from '../negotiated.ts'
import { sameFamily } from '../negotiated.ts'
import { writeEvpn } from './evpn/evpn.ts'
import { LONGEST_NLRI, type NlriView } from './family.ts'
import { nlriFamily } from './table.ts'
import { readUnicast, type UnicastView, writeUnicast } from './unicast.ts'
import { readVpnUnicast, type VpnUnicastView, writeVpnUnicast } from './vpn-unicast.ts'

/** One NLRI of a list; `pathId` where one stands before it (RFC 7911). */
export type ListedNlri = UnicastView | VpnUnicastView | (NlriView & { readonly pathId?: number })

/** `nlri`, or `nlriHex` for a family that is not decoded. */
export type NlriList = { readonly nlri: readonly ListedNlri[] } | { readonly nlriHex: string }

const UNICAST = 1
const VPN = 128

/** The octets of an address in the IPv4 or IPv6 family of this SAFI, 0 for any other family. */
function addressOctets({ afi, safi }: AddressFamily, wanted: number): 0 | 4 | 16 {
  return safi !== wanted || afi < 1 || afi > 2 ? 0 : afi === 1 ? 4 : 16
}

/** Reads `from`..`to`; text: why the list cannot be read (RFC 7606 §5.3). */
export function readNlriList(
  family: AddressFamily,
  bytes: Uint8Array,
  from: number,
  to: number,
  addPath: readonly AddressFamily[] = [],
): NlriList | string {
  if (from === to) return { nlri: [] }
  const withPathId = addPath.some((other) => sameFamily(other, family))
  const octets = addressOctets(family, UNICAST)
  if (octets !== 0) return listOf(readUnicast(bytes, from, to, octets, withPathId))
  const vpnOctets = addressOctets(family, VPN)
  if (vpnOctets !== 0) return listOf(readVpnUnicast(bytes, from, to, vpnOctets, withPathId))
  const known = nlriFamily(family.afi, family.safi)
  if (known === null) return { nlriHex: hex(bytes, from, to) }
  const nlri: ListedNlri[] = []
  for (let at = from; at < to; ) {
    const start = withPathId ? at + 4 : at
    const size = start > to ? -1 : known.sizeOf(bytes, start, to)
    if (size < 0) return `${known.name} NLRI runs over the end`
    const view = known.read(bytes, start, size)
    nlri.push(withPathId ? { pathId: u32(bytes, at), ...view } : view)
    at = start + size
  }
  if (known.viewedAsOctets) return { nlriHex: hex(bytes, from, to) }
  return { nlri }
}

function listOf(nlri: readonly ListedNlri[] | string): NlriList | string {
  return typeof nlri === 'string' ? nlri : { nlri }
}

/** The first NLRI of a list that `readNlriList` can cut and that cannot be used: why not; null when all can. */
export function checkNlriList(
  family: AddressFamily,
  bytes: Uint8Array,
  from: number,
  to: number,
  addPath: readonly AddressFamily[] = [],
): string | null {
  const known = nlriFamily(family.afi, family.safi)
  if (known === null) return null
  const skip = addPath.some((other) => sameFamily(other, family)) ? 4 : 0
  for (let at = from + skip; at < to; ) {
    const size = known.sizeOf(bytes, at, to)
    const why = known.check(bytes, at, size)
    if (why !== null) return why
    at += size + skip
  }
  return null
}

/** As `checkNlriList` for withdrawn NLRI, of which only the key counts: what is not key may be anything or missing. */
export function checkWithdrawals(
  family: AddressFamily,
  bytes: Uint8Array,
  from: number,
  to: number,
  addPath: readonly AddressFamily[] = [],
): string | null {
  const known = nlriFamily(family.afi, family.safi)
  if (known === null) return null
  const skip = addPath.some((other) => sameFamily(other, family)) ? 4 : 0
  const key = new Uint8Array(LONGEST_NLRI)
  const bare = new Uint8Array(2 * LONGEST_NLRI)
  for (let at = from + skip; at < to; ) {
    const size = known.sizeOf(bytes, at, to)
    const keyLength = known.keyInto(bytes, at, size, key, 0)
    const why = known.check(bare, 0, known.joinWithdrawn(key, 0, keyLength, bare, 0))
    if (why !== null) return why
    at += size + skip
  }
  return null
}

/** Writes a list; returns the offset behind. Throws on views that cannot be written: a bug of ours. */
export function writeNlriList(family: AddressFamily, list: NlriList, out: Uint8Array, at: number): number {
  if ('nlriHex' in list) {
    const octets = Buffer.from(list.nlriHex, 'hex')
    out.set(octets, at)
    return at + octets.length
  }
  if (addressOctets(family, UNICAST) !== 0) return writeUnicast(list.nlri as readonly UnicastView[], out, at)
  if (addressOctets(family, VPN) !== 0) return writeVpnUnicast(list.nlri as readonly VpnUnicastView[], out, at)
  let end = at
  for (const view of list.nlri as readonly (NlriView & { readonly pathId?: number })[]) {
    if (view.pathId !== undefined) end = put32(out, end, view.pathId)
    end = writeEvpn(view, out, end)
  }
  return end
}
