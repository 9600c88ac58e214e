import { z } from 'zod'
import { known, unreadable } from '../../../address/parsed.ts'
import { isRouteTarget, ROUTE_TARGET_OCTETS } from '../../../address/route-target.ts'
import { AttributeCode } from '../../../wire/attribute/attribute.ts'
import { anyOf, listOf, type OneOrMore, text } from '../argument/fields.ts'
import { parseTargetTemplate } from '../argument/target-template.ts'
import { itemsStep, NO_ITEM } from '../edit/items.ts'
import { firstVni, secondVni } from '../lookup/vnis.ts'
import type { SetModule } from '../module.ts'

interface VniRouteTargetsArgument {
  readonly add?: OneOrMore<string> | undefined
  readonly replace?: OneOrMore<string> | undefined
}

const TEMPLATE = 'a route target made from the VNI: AS, {asn} or {peerAsn}, then ":", then {vni} or {rfc8365}'
const WHAT = 'add, or replace'
/** Without a VNI in it, it would be one for `routeTargets`. */
const parseTemplate = (typed: string) =>
  /\{(vni|rfc8365)\}$/.test(typed) ? parseTargetTemplate(typed, TEMPLATE, false) : unreadable(typed, TEMPLATE)
const templates = anyOf(text(TEMPLATE, parseTemplate), TEMPLATE)
const ROUTE_TARGETS = { has: isRouteTarget }

export const vniRouteTargets: SetModule<VniRouteTargetsArgument> = {
  name: 'vniRouteTargets',
  looksAt: 'route',
  touches: null,
  summary:
    'Route targets made from the VNIs of the route itself (either label of type 2, that of types 1 and 5, that of the PMSI tunnel of others), for targets that say no VNI; for those that do, `routeTargets` with `map` costs less. A route without VNI keeps what it has. Templates as in `routeTargets`.',
  examples: [
    { typed: { replace: '65000:{vni}' }, means: 'one AS for the whole fabric' },
    { typed: { replace: '{asn}:{vni}' }, means: 'as most switches derive them' },
    { typed: { add: '{asn}:{rfc8365}' }, means: 'also as Junos derives them' },
  ],
  schema: z
    .strictObject(
      {
        add: templates.meta({ description: 'beside those that are there' }).optional(),
        replace: templates.meta({ description: 'in place of those that are there' }).optional(),
      },
      WHAT,
    )
    .refine(({ add, replace }) => (add === undefined) !== (replace === undefined), WHAT),
  compile({ add, replace }, { asn }) {
    const made = listOf(replace ?? add ?? []).map((typed) => known(parseTargetTemplate(typed, TEMPLATE, false)))
    const taken = replace === undefined ? NO_ITEM : ROUTE_TARGETS
    // One target for each template of the first VNI, then of the second. Those memories are filled before every rewrite.
    const first = made.map(() => new Uint8Array(ROUTE_TARGET_OCTETS))
    const both = [...first, ...made.map(() => new Uint8Array(ROUTE_TARGET_OCTETS))]
    const ofOne = [itemsStep(AttributeCode.extCommunities, ROUTE_TARGET_OCTETS, taken, first)]
    const ofBoth = [itemsStep(AttributeCode.extCommunities, ROUTE_TARGET_OCTETS, taken, both)]
    const none = new Uint8Array(0)
    return (draft) => {
      const vni = firstVni(draft)
      const second = secondVni(draft)
      if (vni === 0 && second === 0) return
      made.forEach((template, i) => {
        template.write(asn, draft.origin.asn, vni === 0 ? second : vni, none, 0, both[i]!, 0)
        template.write(asn, draft.origin.asn, second, none, 0, both[made.length + i]!, 0)
      })
      draft.rewrite(vni === 0 || second === 0 ? ofOne : ofBoth)
    }
  },
}
