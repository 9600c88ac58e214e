import { z } from 'zod'
import { known } from '../../../address/parsed.ts'
import { isRouteTarget, ROUTE_TARGET_OCTETS as OCTETS, parseRouteTarget } from '../../../address/route-target.ts'
import { copy } from '../../../bytes/octets.ts'
import { AttributeCode, OPTIONAL_TRANSITIVE } from '../../../wire/attribute/attribute.ts'
import { DROP, type RewriteStep } from '../../rewrite/attribute-rewrite.ts'
import { type Administereds, targetPatterns, targetSet } from '../argument/administered.ts'
import { anyOf, listOf, text } from '../argument/fields.ts'
import { parseTargetTemplate, vniOfTarget } from '../argument/target-template.ts'
import { holds } from '../edit/items.ts'
import type { SetModule } from '../module.ts'

interface Mapping {
  readonly from: Administereds
  readonly to: string
}

interface RouteTargetsArgument {
  readonly map?: readonly Mapping[] | undefined
  readonly remove?: Administereds | undefined
  readonly add?: Administereds | undefined
  readonly replace?: Administereds | undefined
}

const PLAIN = 'a route target such as 65001:10100, 4200000001:100 or 192.0.2.1:100'
const plain = anyOf(text(PLAIN, parseRouteTarget), PLAIN)
const TEMPLATE =
  'a route target such as 65000:500, or made from the one that is mapped: AS, {asn}, {peerAsn} or {admin}, then ":", then a number, {vni}, {number} or {rfc8365}'
const MAP = 'a list of { from, to }'
const WHAT = 'map, remove, add, or several of them; or replace alone'

export const routeTargets: SetModule<RouteTargetsArgument> = {
  name: 'routeTargets',
  looksAt: 'attributes',
  touches: ['origin', AttributeCode.extCommunities],
  summary:
    'Route targets: maps those that are there (the first `from` that fits counts), takes some out, puts some in; or replaces them all. In `to`: `{vni}` is the VNI that the number of the old target says, plain or in the form of RFC 8365, `{rfc8365}` the same in that form (Junos), `{number}` the number as it is, `{admin}` the old AS or address, `{asn}` the AS of this NVA, `{peerAsn}` that of the peer the route was learned from (of 4-octet ones the low 16 bits). A target of which nothing can be made that way stays. All other extended communities stay.',
  examples: [
    { typed: { map: [{ from: '*:*', to: '65000:{vni}' }] }, means: 'one AS for the whole fabric, numbers as they are' },
    { typed: { map: [{ from: '65001:*', to: '{asn}:{rfc8365}' }] }, means: 'those of 65001 as Junos derives them' },
    { typed: { map: [{ from: ['65002:10100', '*:268445556'], to: '65001:10100' }] }, means: 'two of them become one' },
    { typed: { remove: '65002:*', add: ['65001:7', '65001:8'] }, means: 'those of 65002 out, two in' },
    { typed: { replace: '65001:10100' }, means: 'this one alone' },
  ],
  schema: z
    .strictObject(
      {
        map: z
          .array(
            z.strictObject({
              from: targetPatterns.meta({ description: 'targets to be mapped' }),
              to: text(TEMPLATE, (typed) => parseTargetTemplate(typed, TEMPLATE, true)),
            }),
            MAP,
          )
          .min(1, MAP)
          .meta({ description: 'what becomes of targets, the first that fits' })
          .optional(),
        remove: targetPatterns.meta({ description: 'targets to be taken out, of those that were there' }).optional(),
        add: plain.meta({ description: 'targets to be put in' }).optional(),
        replace: plain.meta({ description: 'targets in place of all that were there' }).optional(),
      },
      WHAT,
    )
    .superRefine(({ map, remove, add, replace }, context) => {
      const others = map !== undefined || remove !== undefined || add !== undefined
      if (others === (replace !== undefined)) context.addIssue({ code: 'custom', message: WHAT })
    }),
  compile({ map, remove, add, replace }, { asn }) {
    const rules = (map ?? []).map((one) => ({ from: targetSet(one.from), to: known(parseTargetTemplate(one.to, TEMPLATE, true)) }))
    let peerAsn = 0
    /** Writes what a target becomes; false: it stays as it is. */
    const mapped = (bytes: Uint8Array, at: number, out: Uint8Array, target: number): boolean => {
      for (const { from, to } of rules) {
        if (from.has(bytes, at)) return to.write(asn, peerAsn, vniOfTarget(bytes, at), bytes, at, out, target)
      }
      return false
    }
    const removed = remove === undefined ? null : targetSet(remove)
    const added = listOf(replace ?? add ?? []).map((one) => known(parseRouteTarget(one)))
    const step: RewriteStep = {
      code: AttributeCode.extCommunities,
      flags: OPTIONAL_TRANSITIVE,
      add: added.length > 0,
      value(bytes, from, to, out, at) {
        let target = at
        for (let source = from; source + OCTETS <= to; source += OCTETS) {
          if (!isRouteTarget(bytes, source)) target = copy(bytes, source, source + OCTETS, out, target)
          else if (replace === undefined && removed?.has(bytes, source) !== true) {
            if (!mapped(bytes, source, out, target)) copy(bytes, source, source + OCTETS, out, target)
            // What two of them have become is one.
            if (!holds(out, at, target, out, target, OCTETS)) target += OCTETS
          }
        }
        for (const one of added) if (!holds(out, at, target, one, 0, OCTETS)) target = copy(one, 0, OCTETS, out, target)
        return target === at ? DROP : target
      },
    }
    const steps = [step]
    return (draft) => {
      peerAsn = draft.origin.asn
      draft.rewrite(steps)
    }
  },
}
