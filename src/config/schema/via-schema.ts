/** `via` of a share: the data gateways through which a VN crosses. */
import { z } from 'zod'
import { address, esi, flag, mac, prefix, routeTarget } from './fields.ts'

const GATEWAY = 'the VTEP address of a gateway, or several gateways as { address: ..., routerMac: ... }'

/** One gateway among several. */
const gatewayFile = z.strictObject({
  address,
  inside: address.meta({ description: 'its VTEP towards the local NVEs, when that is another one' }).optional(),
  routerMac: mac.optional(),
})

export const viaFile = z.strictObject({
  gateway: address.meta({ description: GATEWAY }).optional(),
  inside: address.meta({ description: 'the VTEP of the gateway towards the local NVEs, when that is another one' }).optional(),
  routerMac: mac.optional(),
  gateways: z
    .array(gatewayFile)
    .min(1, 'at least one gateway')
    .meta({ description: 'several in place of one, the one of highest rank first: the first that is up is used' })
    .optional(),
  esi: esi
    .meta({
      description: 'interconnect Ethernet segment of the gateways: all that are up share the traffic (RFC 9014), in place of one by rank',
    })
    .optional(),
  routeTargets: z
    .array(routeTarget)
    .min(1, 'at least one route target')
    .meta({ description: 'what is attached to routes sent to the other domain. Default: nva.asn and the VNI of the share' })
    .optional(),
  aggregates: z.array(prefix).meta({ description: 'told to the other domain as one prefix; of a routed VN' }).optional(),
  unknownMac: flag.meta({ description: 'local NVEs are told one Unknown-MAC-Route in place of the MACs of the other domain' }).optional(),
})

export type ViaFile = z.output<typeof viaFile>
