/** Which of the routes behind a mapping is the one that is told. */
import type { AttributeSets } from '../../rib/attribute-sets.ts'
import { compare } from '../../rib/decision.ts'
import { STICKY } from '../../rib/decision-facts.ts'
import type { RibPeer } from '../../rib/rib-peer.ts'
import type { SetId } from '../../rib/verdict.ts'
import { MAC_IP } from '../../wire/nlri/evpn/mac-ip.ts'
import { claimedSequence } from './claimed-sequence.ts'

/**
 * Whether route `a` of a type is better than `b`. As in the decision process of the RIB (RFC 4271 §9.1, RFC 7432 §15), but that at equal mobility the shorter
 * D-PATH comes before the lower VTEP: the same MAC over another domain is no other claim to it, and its VTEP is that domain's gateway.
 */
export function better(sets: AttributeSets, a: SetId, b: SetId, peers: readonly (RibPeer | undefined)[], type: number): boolean {
  if (type === MAC_IP && sameSticky(sets, a, b)) {
    const sequence = claimedSequence(sets, a) - claimedSequence(sets, b)
    if (sequence !== 0) return sequence > 0
    const domains = sets.domainPathLength[a]! - sets.domainPathLength[b]!
    if (domains !== 0) return domains < 0
  }
  return compare(sets, a, b, peers[sets.peer[a]!]!, peers[sets.peer[b]!]!, type === MAC_IP) > 0
}

/** Whether neither is the better claim to a MAC by what is said of its moves. */
export function sameMobility(sets: AttributeSets, a: SetId, b: SetId): boolean {
  return sameSticky(sets, a, b) && claimedSequence(sets, a) === claimedSequence(sets, b)
}

function sameSticky(sets: AttributeSets, a: SetId, b: SetId): boolean {
  return ((sets.mobility[a]! ^ sets.mobility[b]!) & STICKY) === 0
}
