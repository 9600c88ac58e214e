/** Whether another domain may name the next hop of a set. A route whose next hop is an NVE of ours would draw traffic of our NVEs to where the host is not. */
import { containsAt, type Prefix } from '../../address/prefix.ts'
import type { Refusal } from '../../policy/refusal.ts'
import type { AttributeSets } from '../../rib/attribute-sets.ts'
import type { SetId } from '../../rib/verdict.ts'
import { addressAt, addressOctets } from './next-hop.ts'
import type { NextHopSettings } from './settings.ts'

/** Who knows the next hops of our own domain. */
export interface KnowsOwnNextHops {
  /** Whether our own domain uses the next hop of a set that came from another one. */
  isOurs(set: SetId): boolean
}

/** Why not, or null. Asked once per attribute set. Hot: allocates nothing. */
export function judgeNextHop(
  { within, shared }: NextHopSettings,
  own: KnowsOwnNextHops | null,
  sets: AttributeSets,
  set: SetId,
): Refusal | null {
  const ours = own?.isOurs(set) === true
  if (!ours && within === null) return null
  if (holds(shared, sets, set)) return null
  if (ours) return 'own-next-hop'
  return within === null || holds(within, sets, set) ? null : 'next-hop-not-agreed'
}

function holds(prefixes: readonly Prefix[], sets: AttributeSets, set: SetId): boolean {
  const at = addressAt(sets, set)
  for (const prefix of prefixes) if (containsAt(prefix, sets.octets(set), at, addressOctets(sets, set))) return true
  return false
}
