import { asPath, extCommunities, join, LOCAL_PREF_100, macIpNlri, mpReach, ORIGIN_IGP, update } from '../../wire/update-octets.ts'

/** NLRI in an UPDATE: it stays below 4096 octets. */
const PACKED = 100
/** Route target 65000:10000 and VXLAN encapsulation. */
const ATTRIBUTES = [ORIGIN_IGP, asPath(), LOCAL_PREF_100, extCommunities('0002fde800002710', '030c000000000008')]

/** UPDATEs that announce MAC/IP routes 0 to `routes` of a sender (0 to 250), in an RD of its own. */
export function updatesOf(sender: number, routes: number): Uint8Array {
  const updates: Uint8Array[] = []
  for (let first = 0; first < routes; first += PACKED) {
    const nlri = Array.from({ length: Math.min(PACKED, routes - first) }, (_, index) => macIpNlri(first + index, { rd: sender + 1 }))
    updates.push(update([...ATTRIBUTES, mpReach([10, 97, 0, sender + 1], join(...nlri))]))
  }
  return join(...updates)
}
