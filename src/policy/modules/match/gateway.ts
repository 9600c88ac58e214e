import { z } from 'zod'
import { u8 } from '../../../bytes/octets.ts'
import { gatewayAt, prefixOctets } from '../../../wire/nlri/evpn/in-place.ts'
import type { Entries } from '../argument/entries.ts'
import { either, isTrouble } from '../argument/fields.ts'
import { addresses, addressSet } from '../argument/prefixes.ts'
import type { MatchModule, RouteView } from '../module.ts'

const NONE = 'none'

export const gateway: MatchModule<Entries> = {
  name: 'gateway',
  looksAt: 'route',
  summary: 'The gateway IP address of a type 5 route (its overlay index, RFC 9136) is one of these or lies in one of these prefixes.',
  examples: [
    { typed: '10.1.0.254', means: 'this gateway' },
    { typed: ['10.1.0.0/16', '2001:db8::/32'], means: 'a gateway in either' },
    { typed: NONE, means: 'a type 5 route without gateway address' },
  ],
  schema: either(`${addresses.description}; or ${NONE}`, z.literal(NONE).meta({ description: 'without one' }), addresses),
  compile(argument, environment) {
    if (argument === NONE) return (route) => prefixOctets(route.nlri, route.nlriAt, route.nlriLength) > 0 && isZero(route)
    const wanted = addressSet(argument, environment)
    if (isTrouble(wanted)) return wanted
    return (route) => {
      const { nlri, nlriAt, nlriLength } = route
      const octets = prefixOctets(nlri, nlriAt, nlriLength)
      return octets > 0 && wanted.hasAddress(nlri, gatewayAt(nlri, nlriAt, nlriLength), octets) && !isZero(route)
    }
  },
}

function isZero({ nlri, nlriAt, nlriLength }: RouteView): boolean {
  const at = gatewayAt(nlri, nlriAt, nlriLength)
  const end = at + prefixOctets(nlri, nlriAt, nlriLength)
  for (let octet = at; octet < end; octet++) if (u8(nlri, octet) !== 0) return false
  return true
}
