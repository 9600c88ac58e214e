/** What the NVE that has a MAC says itself of its moves, whatever an NVA has made of it on the way so that others give way. */
import { findAttribute, valueEnd, valueStart } from '../../policy/rewrite/attribute-rewrite.ts'
import type { AttributeSets } from '../../rib/attribute-sets.ts'
import { MOBILITY } from '../../rib/decision-facts.ts'
import type { SetId } from '../../rib/verdict.ts'
import { AttributeCode } from '../../wire/attribute/attribute.ts'
import { findClaimedSequence } from '../../wire/community/claimed-sequence.ts'

/** The MAC mobility sequence of a set before it was raised; 0: none is said. */
export function claimedSequence(sets: AttributeSets, set: SetId): number {
  const sequence = sets.mobilitySequence[set]!
  if (sequence === 0 || (sets.mobility[set]! & MOBILITY) === 0) return sequence
  const bytes = sets.octets(set)
  const at = findAttribute(bytes, sets.attributesAt(set), sets.attributesEnd(set), AttributeCode.extCommunities)
  if (at < 0) return sequence
  const value = valueStart(bytes, at)
  const claimed = findClaimedSequence(bytes, value, valueEnd(bytes, at) - value)
  // Raised by one, and never otherwise: what says more is none of ours.
  return claimed === sequence - 1 ? claimed : sequence
}
