/** What becomes of the attribute sets that come from the other domain: translated to what the local NVEs import, or refused. */
import { judgeCommunities } from '../../advertise/exporter/exporters.ts'
import { type Refusal, refusal } from '../../policy/refusal.ts'
import { inOrder, type RewriteStep, rewrite } from '../../policy/rewrite/attribute-rewrite.ts'
import { translateTargets } from '../../policy/rewrite/steps.ts'
import { NO_ADVERTISE } from '../../policy/rewrite/well-known.ts'
import type { AttributeSets } from '../../rib/attribute-sets.ts'
import { NO_SET, type SetId, type Verdict } from '../../rib/verdict.ts'
import type { Agreement } from './agreement.ts'
import type { AskedTargets } from './asked-targets.ts'
import { carries, NOTHING, noIpv6Targets } from './crossing-targets.ts'
import { ensureDomain, passedThrough } from './domain-path.ts'
import { withoutInternal } from './internal-communities.ts'
import { withoutSticky } from './sticky-macs.ts'

/**
 * A MAC moves a few times, and its sequence grows by one each time (RFC 7432 §15). From the last sequence there is no way on, for whoever has the MAC: half of
 * all sequences is far beyond moves, and leaves hosts here room to take it over.
 */
const SEQUENCE_TOO_HIGH = 0x8000_0000

/** Import verdict of a set that came from the other domain: the translated set, or the refusal. What comes of VNs that are not shared is noted in `asked`. `objection` to its next hop; null: none. */
export function boundaryImport(
  agreement: Agreement,
  asked: AskedTargets,
  objection: (sets: AttributeSets, set: SetId) => Refusal | null,
): (sets: AttributeSets, set: SetId) => Verdict {
  const { targets, ownId } = agreement
  const directly = rewriting(enteringSteps(agreement, null))
  // It is known here and told to nobody: a gateway stands for it inside.
  const unadvertised = rewriting(enteringSteps(agreement, NO_ADVERTISE))
  return (sets, set) => {
    if (passedThrough(sets, set, ownId)) return refusal('domain-path-loop')
    if (!carries(sets, set, targets.entering)) {
      asked.note(sets, set)
      return refusal('vn-not-shared')
    }
    if (sets.mobilitySequence[set]! >= SEQUENCE_TOO_HIGH) return refusal('mac-sequence-too-high')
    const why = objection(sets, set)
    if (why !== null) return refusal(why)
    const direct = carries(sets, set, targets.enteringDirectly)
    if (!direct && judgeCommunities(sets, set, false) !== 0) return refusal('no-advertise')
    const used = sets.derive(set, direct ? directly : unadvertised)
    return used === NO_SET ? refusal('attributes-too-long') : used
  }
}

/** `added`: a community more. */
function enteringSteps({ domain, targets, internal }: Agreement, added: number | null): RewriteStep[] {
  const translated = translateTargets((bytes, at) => targets.entering.get(bytes, at) ?? NOTHING)
  return inOrder([
    domain.heedsStickyMacs ? translated : withoutSticky(translated),
    noIpv6Targets,
    ensureDomain(domain.domainId),
    ...withoutInternal(internal, added),
  ])
}

function rewriting(steps: readonly RewriteStep[]) {
  return (bytes: Uint8Array, from: number, to: number, out: Uint8Array, at: number): number => rewrite(bytes, from, to, steps, out, at)
}
