/** The route of a case, from the words of the field to the attributes of an UPDATE. */
import { parseIp } from '../../address/ip.ts'
import { known } from '../../address/parsed.ts'
import { parseRouteTarget } from '../../address/route-target.ts'
import { hex } from '../../bytes/octets.ts'
import type { Configuration } from '../../config/configuration.ts'
import type { CaseRoute } from '../../config/schema/cases-schema.ts'
import { extendedCommunityOctets } from '../../policy/modules/argument/extended-communities.ts'
import { listOf } from '../../policy/modules/argument/fields.ts'
import type { PeerSettings } from '../../speaker/settings.ts'
import { wellKnownCommunity } from '../../wire/attribute/communities.ts'
import { PmsiTunnelType } from '../../wire/attribute/pmsi-tunnel.ts'
import { TUNNEL_TYPE_NAMES } from '../../wire/community/encapsulation.ts'
import type { ExtendedCommunityFields } from '../../wire/community/table.ts'
import { L2VPN_EVPN } from '../../wire/negotiated.ts'
import { IMET } from '../../wire/nlri/evpn/imet.ts'
import type { NlriView } from '../../wire/nlri/family.ts'
import type { AttributesFields } from '../../wire/update-view.ts'

/** What a case lacks or has too much of: the field, what was found there and what would be right. */
export interface RouteTrouble {
  readonly field: string
  readonly found: string
  readonly expected: string
}

export function isTrouble(value: object): value is RouteTrouble {
  return 'field' in value
}

type Sender = Pick<PeerSettings, 'address' | 'asn' | 'domain'>

/** What a sender says with such a route; what is not given is what its switch would put there. */
export function attributesOf(route: CaseRoute, sender: Sender, configuration: Configuration): AttributesFields | RouteTrouble {
  const vn = vnOf(route, sender, configuration)
  if (vn !== null && isTrouble(vn)) return vn
  const vni = route.vni ?? vn?.vni
  const nextHop = route.nextHop ?? sender.address
  const nlri = nlriOf(route, { rd: route.rd ?? `${ipv4(sender.address) ?? '192.0.2.255'}:1`, vni, nextHop })
  if (isTrouble(nlri)) return nlri
  const internal = sender.asn === configuration.speaker.asn
  const path = route.asPath ?? (internal ? [] : [sender.asn])
  const localPref = route.localPref ?? (internal ? 100 : undefined)
  return {
    origin: route.origin ?? 'igp',
    asPath: path.length === 0 ? [] : [{ type: 'sequence', asns: path }],
    ...(route.med === undefined ? {} : { med: route.med }),
    ...(localPref === undefined ? {} : { localPref }),
    ...(route.communities === undefined ? {} : { communities: listOf(route.communities).map((one) => wellKnownCommunity(one) ?? one) }),
    ...(route.largeCommunities === undefined ? {} : { largeCommunities: listOf(route.largeCommunities) }),
    ...(route.originatorId === undefined ? {} : { originatorId: route.originatorId }),
    extCommunities: extendedOf(route, vn?.targets ?? []),
    ...(nlri.routeType === IMET && vni !== undefined ? { pmsiTunnel: ingressReplication(vni, nextHop) } : {}),
    mpReach: { ...L2VPN_EVPN, nextHop, nlri: [nlri] },
  }
}

/** Route targets and VNI of the VN that a route names, as its sender has them. */
function vnOf(
  { vn: name }: CaseRoute,
  { domain }: Sender,
  configuration: Configuration,
): { readonly vni: number; readonly targets: readonly Uint8Array[] } | RouteTrouble | null {
  if (name === undefined) return null
  const { vns } = configuration.domain
  const vn = vns.find((one) => one.name === name)
  // Unknown ones have been told of before.
  if (vn === undefined) return null
  if (domain === null) return { vni: vn.vni, targets: vn.exportTargets }
  const share = configuration.federation.domains.find((one) => one.name === domain)?.share.find((one) => one.vn === name)
  if (share !== undefined) return { vni: share.vni, targets: share.peerTargets }
  return { field: 'vn', found: name, expected: `a VN that is shared with ${domain}, or routeTargets and vni as ${domain} has them` }
}

interface NlriParts {
  readonly rd: string
  readonly vni: number | undefined
  readonly nextHop: string
}

function nlriOf(route: CaseRoute, { rd, vni, nextHop }: NlriParts): NlriView | RouteTrouble {
  const type = route.type ?? (route.mac !== undefined ? 'mac-ip' : route.prefix !== undefined ? 'ip-prefix' : undefined)
  const missing = (field: string, expected: string): RouteTrouble => ({ field, found: 'nothing', expected })
  const { mac, ip, prefix, gateway, esi } = route
  const base = { rd, ethernetTag: route.ethernetTag ?? 0 }
  const segment = esi === undefined ? {} : { esi }
  switch (type) {
    case undefined:
      return missing('type', 'a type, a mac or a prefix')
    case 'mac-ip':
      if (mac === undefined) return missing('mac', 'the MAC address of a route of type mac-ip')
      if (vni === undefined) return missing('vni', 'a vni, or a vn that has one')
      return {
        routeType: 2,
        ...base,
        ...segment,
        mac,
        ip: ip ?? null,
        vni1: vni,
        ...(route.vni2 === undefined ? {} : { vni2: route.vni2 }),
      }
    case 'ip-prefix': {
      if (prefix === undefined) return missing('prefix', 'the prefix of a route of type ip-prefix')
      if (vni === undefined) return missing('vni', 'a vni, or a vn that has one')
      const zero = prefix.includes(':') ? '::' : '0.0.0.0'
      return { routeType: 5, ...base, ...segment, ipPrefix: prefix, gatewayIp: gateway ?? zero, vni1: vni }
    }
    case 'imet':
      return { routeType: 3, ...base, ip: route.originator ?? nextHop }
    case 'ethernet-segment':
      if (esi === undefined) return missing('esi', 'the esi of a route of type ethernet-segment')
      return { routeType: 4, rd, esi, ip: route.originator ?? nextHop }
    case 'ethernet-ad':
      if (esi === undefined) return missing('esi', 'the esi of a route of type ethernet-ad')
      return { routeType: 1, ...base, esi, vni1: vni ?? 0 }
  }
}

function extendedOf(route: CaseRoute, targets: readonly Uint8Array[]): ExtendedCommunityFields[] {
  const { encapsulation = 'vxlan', mobility, routerMac, defaultGateway, extendedCommunities } = route
  const octets = route.routeTargets?.map((target) => known(parseRouteTarget(target))) ?? targets
  const tunnelType = TUNNEL_TYPE_NAMES.get(encapsulation)
  return [
    ...octets.map((target) => ({ hex: hex(target) })),
    ...(tunnelType === undefined ? [] : [{ name: 'encapsulation', tunnelType }]),
    ...(mobility === undefined ? [] : [{ name: 'mac-mobility', sticky: mobility.sticky ?? false, sequence: mobility.sequence }]),
    ...(routerMac === undefined ? [] : [{ name: 'router-mac', mac: routerMac }]),
    ...(defaultGateway === true ? [{ name: 'default-gateway' }] : []),
    ...(extendedCommunities === undefined ? [] : extendedCommunityOctets(extendedCommunities).map((one) => ({ hex: hex(one) }))),
  ]
}

function ingressReplication(vni: number, endpoint: string) {
  return { flags: 0, tunnelType: PmsiTunnelType.ingressReplication, vni, tunnelId: hex(known(parseIp(endpoint))) }
}

/** The address if it is one that an RD can hold. */
function ipv4(address: string): string | null {
  return address.includes(':') ? null : address
}
