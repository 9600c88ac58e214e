/**
 * What a data gateway has to be told: for each VN the VTEPs to which it floods (broadcast, unknown, multicast: RFC 7432 §11, ingress replication), on the side
 * of the local NVEs and on that of the other domain.
 */
import { formatIp } from '../../address/ip.ts'
import type { AttributeSets } from '../../rib/attribute-sets.ts'
import type { SetId } from '../../rib/verdict.ts'

/** The next hops of these sets of IMET routes, each once, in the order of their text. */
export function floods(sets: AttributeSets, imets: Iterable<SetId>): string[] {
  const found = new Set<string>()
  for (const set of imets) found.add(formatIp(sets.octets(set), sets.nextHopAt(set), sets.nextHopLength(set) === 4 ? 4 : 16))
  return [...found].sort()
}
