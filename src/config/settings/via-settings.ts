/** Checked `via` turned into the settings of `federation/gateway`. */

import { parseEsi } from '../../address/esi.ts'
import { parseIp } from '../../address/ip.ts'
import { parseMac } from '../../address/mac.ts'
import { known } from '../../address/parsed.ts'
import { parsePrefix } from '../../address/prefix.ts'
import { autoRouteTarget, parseRouteTarget } from '../../address/route-target.ts'
import type { GatewaySettings, ViaSettings } from '../../federation/gateway/settings.ts'
import { parseHost } from '../schema/endpoint.ts'
import type { ViaFile } from '../schema/via-schema.ts'

/** `vni`: that of the interconnect. Route targets that are not given are `asn:vni`. */
export function viaSettings(via: ViaFile, asn: number, vni: number): ViaSettings {
  const one = via.gateway === undefined ? [] : [{ address: via.gateway, inside: via.inside, routerMac: via.routerMac }]
  return {
    gateways: [...one, ...(via.gateways ?? [])].map((gateway) => gatewaySettings(gateway, via.routerMac)),
    esi: via.esi === undefined ? null : known(parseEsi(via.esi)),
    targets: via.routeTargets?.map((typed) => known(parseRouteTarget(typed))) ?? [autoRouteTarget(asn, vni)],
    aggregates: [...(via.aggregates ?? [])].map((typed) => known(parsePrefix(typed))).sort((a, b) => b.length - a.length),
    unknownMac: via.unknownMac ?? false,
  }
}

interface TypedGateway {
  readonly address: string
  readonly inside?: string | undefined
  readonly routerMac?: string | undefined
}

function gatewaySettings({ address, inside, routerMac }: TypedGateway, shared: string | undefined): GatewaySettings {
  const mac = routerMac ?? shared
  return {
    address: octets(address),
    insideAddress: octets(inside ?? address),
    routerMac: mac === undefined ? null : known(parseMac(mac)),
  }
}

function octets(typed: string): Uint8Array {
  return known(parseIp(known(parseHost(typed))))
}
