import { u24 } from '../../../bytes/octets.ts'
import { AttributeCode } from '../../../wire/attribute/attribute.ts'
import { firstLabelAt, secondLabelAt } from '../../../wire/nlri/evpn/in-place.ts'
import { findAttribute, valueEnd, valueStart } from '../../attribute-rewrite.ts'
import { NumberRanges, type Numbers, numbers } from '../argument/numbers.ts'
import { hasVni } from '../lookup/encapsulations.ts'
import type { MatchModule, RouteView } from '../module.ts'

/** Flags (1) and tunnel type (1) of a PMSI tunnel stand before its label (RFC 6514 §5). */
const PMSI_LABEL = 2
const PMSI_SHORTEST = 5

/** A VNI of the route: label fields of types 1, 2 and 5, the PMSI tunnel of others. RFC 8365 §5.1.3: all 24 bits, unless the encapsulation is another. */
export const vni: MatchModule<Numbers> = {
  name: 'vni',
  looksAt: 'route',
  summary:
    'A VNI of the route: either label of type 2, that of types 1 and 5, that of the PMSI tunnel of others. Routes whose Encapsulation is none with a VNI (MPLS) have none.',
  examples: [
    { typed: 10100, means: 'VNI 10100' },
    { typed: '10000-10999', means: 'a VNI from 10000 to 10999' },
    { typed: [10100, '20000-20999'], means: 'any of these' },
  ],
  schema: numbers('a VNI', 1, 0xffffff),
  compile(argument) {
    const wanted = new NumberRanges(argument)
    return (route) => {
      const first = firstLabelAt(route.nlri, route.nlriAt, route.nlriLength)
      if (first < 0) return wanted.has(tunnelVni(route)) && hasVni(route)
      if (wanted.has(u24(route.nlri, first))) return hasVni(route)
      const second = secondLabelAt(route.nlri, route.nlriAt, route.nlriLength)
      return second >= 0 && wanted.has(u24(route.nlri, second)) && hasVni(route)
    }
  },
}

/** VNI in the PMSI tunnel attribute; 0: none. */
function tunnelVni(route: RouteView): number {
  const at = findAttribute(route.bytes, route.from, route.to, AttributeCode.pmsiTunnel)
  if (at < 0) return 0
  const value = valueStart(route.bytes, at)
  return valueEnd(route.bytes, at) - value < PMSI_SHORTEST ? 0 : u24(route.bytes, value + PMSI_LABEL)
}
