/** What the other domain's NVAs may be sent: routes of shared VNs, with the route targets of those VNs alone. */
import type { Exporter } from '../../advertise/exporter/exporter.ts'
import { externalSteps, judgeCommunities, type Self, type SourceOf, WITHOUT_MED, writeSet } from '../../advertise/exporter/exporters.ts'
import { refusal } from '../../policy/refusal.ts'
import { inOrder, type RewriteStep } from '../../policy/rewrite/attribute-rewrite.ts'
import { translateTargets } from '../../policy/rewrite/steps.ts'
import type { AttributeSets } from '../../rib/attribute-sets.ts'
import type { SetId, Verdict } from '../../rib/verdict.ts'
import { AttributeCode } from '../../wire/attribute/attribute.ts'
import type { Agreement } from './agreement.ts'
import { carries, NOTHING, noIpv6Targets } from './crossing-targets.ts'
import { passedThrough, prependDomain } from './domain-path.ts'
import { withoutInternal } from './internal-communities.ts'

export function boundaryExporter(agreement: Agreement, sets: AttributeSets, self: Self, sourceOf: SourceOf): Exporter {
  const isMadeForOutside = (set: SetId): boolean => sourceOf(sets.peer[set]!)?.madeFor === 'outside'
  const write = (how: { readonly edited: boolean }): Exporter['write'] => {
    const steps = leavingSteps(agreement, externalSteps(self, how.edited), false)
    const made = leavingSteps(agreement, externalSteps(self, how.edited), true)
    return (set, out, at) => writeSet(sets, set, isMadeForOutside(set) ? made : steps, out, at)
  }
  return {
    key: `domain ${agreement.domain.name}`,
    typeVerdicts: agreement.leavingTypes,
    // Of Ethernet segments, those of gateways alone are told: they are no inside matter.
    anyType: isMadeForOutside,
    judge: (set) => mayLeave(agreement, sets, set, sourceOf),
    beforePolicy: WITHOUT_MED,
    write: write({ edited: false }),
    writeEdited: write({ edited: true }),
  }
}

/** `made`: what is made for this domain has the targets that were agreed already. */
function leavingSteps({ targets, internal, ownId }: Agreement, external: readonly RewriteStep[], made: boolean): RewriteStep[] {
  const translated = translateTargets((bytes, at) => targets.leaving.get(bytes, at) ?? NOTHING)
  return inOrder([
    ...external.filter((step) => step.code !== AttributeCode.extCommunities),
    ...(made ? [] : [translated]),
    noIpv6Targets,
    ...withoutInternal(internal),
    prependDomain(ownId),
  ])
}

/** 0, or why not. */
function mayLeave({ domain, targets, provenance }: Agreement, sets: AttributeSets, set: SetId, sourceOf: SourceOf): Verdict {
  const { name, domainId } = domain
  const source = sourceOf(sets.peer[set]!)
  if (source?.madeFor === 'outside') {
    if (source.domain !== name) return refusal('made-for-a-domain')
    return passedThrough(sets, set, domainId) ? refusal('already-passed-domain') : 0
  }
  const from = provenance.of(sets, set, sourceOf)
  if (from.includes(name)) return refusal('back-to-its-domain')
  if (!provenance.mayPass(from, name)) return refusal('no-transit-between-domains')
  if (passedThrough(sets, set, domainId)) return refusal('already-passed-domain')
  if (carries(sets, set, targets.leaving)) return judgeCommunities(sets, set, true)
  return refusal(carries(sets, set, targets.leavingByGateway) ? 'gateway-stands-for-it' : 'vn-not-shared')
}
