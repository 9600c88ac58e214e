import { z } from 'zod'
import { u8 } from '../../../bytes/octets.ts'
import { AttributeCode } from '../../../wire/attribute/attribute.ts'
import { PMSI_TUNNEL_NAMES } from '../../../wire/attribute/pmsi-tunnel.ts'
import { findAttribute, valueEnd, valueStart } from '../../rewrite/attribute-rewrite.ts'
import { anyOf, listOf, type OneOrMore } from '../argument/fields.ts'
import type { MatchModule } from '../module.ts'

const NONE = 'none'
const WHAT = `one of ${[...PMSI_TUNNEL_NAMES.keys(), NONE].join(', ')}, or the number of a tunnel type`
const one = z.union(
  [
    z.enum([...PMSI_TUNNEL_NAMES.keys(), NONE], WHAT).meta({ description: WHAT }),
    z.int(WHAT).min(0, WHAT).max(255, WHAT).meta({ description: WHAT }),
  ],
  WHAT,
)

export const pmsi: MatchModule<OneOrMore<number | string>> = {
  name: 'pmsi',
  looksAt: 'attributes',
  reads: AttributeCode.pmsiTunnel,
  summary:
    'The kind of the PMSI tunnel by which broadcast, unknown and multicast frames travel (RFC 6514). `none`: the route has no PMSI tunnel attribute.',
  examples: [
    { typed: 'ingress-replication', means: 'a copy to each edge' },
    { typed: ['pim-sm', 'pim-ssm'], means: 'a multicast group of the underlay' },
    { typed: 10, means: 'tunnel type 10, which is assisted replication' },
    { typed: NONE, means: 'no PMSI tunnel' },
  ],
  schema: anyOf(one, WHAT),
  compile(argument) {
    const typed = listOf(argument)
    const wanted = new Uint8Array(256)
    for (const of of typed) if (of !== NONE) wanted[typeof of === 'number' ? of : (PMSI_TUNNEL_NAMES.get(of) ?? 0)] = 1
    const without = typed.includes(NONE)
    return ({ bytes, from, to }) => {
      const at = findAttribute(bytes, from, to, AttributeCode.pmsiTunnel)
      if (at < 0) return without
      const value = valueStart(bytes, at)
      return valueEnd(bytes, at) >= value + 2 && wanted[u8(bytes, value + 1)] === 1
    }
  },
}
