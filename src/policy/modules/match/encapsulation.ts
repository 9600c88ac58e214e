import { z } from 'zod'
import { TUNNEL_TYPE_NAMES } from '../../../wire/community/encapsulation.ts'
import { anyOf, listOf, type OneOrMore } from '../argument/fields.ts'
import { hasEncapsulation, namesNoEncapsulation } from '../lookup/encapsulations.ts'
import type { MatchModule } from '../module.ts'

const NONE = 'none'
const WHAT = `one of ${[...TUNNEL_TYPE_NAMES.keys(), NONE].join(', ')}, or the number of a tunnel type`
const one = z.union(
  [
    z.enum([...TUNNEL_TYPE_NAMES.keys(), NONE], WHAT).meta({ description: WHAT }),
    z.int(WHAT).min(0, WHAT).max(65535, WHAT).meta({ description: WHAT }),
  ],
  WHAT,
)

export const encapsulation: MatchModule<OneOrMore<number | string>> = {
  name: 'encapsulation',
  looksAt: 'attributes',
  // Communities and tunnels both.
  reads: null,
  summary:
    'An encapsulation that the route names, in the Encapsulation community or the Tunnel Encapsulation attribute (RFC 8365, RFC 9012). What `none` means, its receiver decides.',
  examples: [
    { typed: 'vxlan', means: 'VXLAN, alone or beside others' },
    { typed: ['vxlan', 'none'], means: 'VXLAN, or nothing said' },
    { typed: 10, means: 'tunnel type 10, which is MPLS' },
  ],
  schema: anyOf(one, WHAT),
  compile(argument) {
    const typed = listOf(argument)
    const wanted = new Set(typed.flatMap((of) => (of === NONE ? [] : [typeof of === 'number' ? of : (TUNNEL_TYPE_NAMES.get(of) ?? -1)])))
    if (!typed.includes(NONE)) return (route) => hasEncapsulation(route, wanted)
    return (route) => namesNoEncapsulation(route) || hasEncapsulation(route, wanted)
  },
}
