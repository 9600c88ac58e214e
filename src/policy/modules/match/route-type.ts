import { z } from 'zod'
import { u8 } from '../../../bytes/octets.ts'
import { EVPN_ROUTE_TYPES } from '../../../wire/nlri/evpn/table.ts'
import { anyOf, listOf, type OneOrMore } from '../argument/fields.ts'
import type { MatchModule } from '../module.ts'

/** Names that operators know from their switches, beside those of the codec. */
const OTHER_NAMES: Readonly<Record<string, number>> = { ead: 1, macip: 2, multicast: 3, es: 4, prefix: 5 }
const OPAQUE = 'opaque'

const BY_NAME = new Map<string, number>([
  ...EVPN_ROUTE_TYPES.map(({ name, type }) => [name, type] as const),
  ...Object.entries(OTHER_NAMES),
])
const WHAT = `a route type from 1 to 255, or one of ${[...BY_NAME.keys(), OPAQUE].join(', ')}`
const routeTypeName = z.enum([...BY_NAME.keys(), OPAQUE], WHAT).meta({ description: WHAT })
const one = z.union([z.int(WHAT).min(1, WHAT).max(255, WHAT).meta({ description: WHAT }), routeTypeName], WHAT)

export const routeType: MatchModule<OneOrMore<number | string>> = {
  name: 'routeType',
  looksAt: 'route',
  summary: 'The EVPN route type, by number or name. `opaque` are all types that fednva carries without being able to read them.',
  examples: [
    { typed: 2, means: 'MAC/IP routes' },
    { typed: 'ip-prefix', means: 'type 5' },
    { typed: ['imet', 'mac-ip'], means: 'types 3 and 2' },
    { typed: 'opaque', means: 'types above 11' },
  ],
  schema: anyOf(one, WHAT),
  compile(argument) {
    const wanted = new Uint8Array(256)
    const typed = listOf(argument)
    if (typed.includes(OPAQUE)) {
      wanted.fill(1)
      for (const { type } of EVPN_ROUTE_TYPES) wanted[type] = 0
    }
    for (const type of typed) if (type !== OPAQUE) wanted[typeof type === 'number' ? type : (BY_NAME.get(type) ?? 0)] = 1
    return ({ nlri, nlriAt, nlriLength }) => nlriLength > 0 && wanted[u8(nlri, nlriAt)] === 1
  },
}
