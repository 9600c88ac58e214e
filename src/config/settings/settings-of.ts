/** A checked file of an NVA turned into the settings of the rooms. Everything has been checked before: what fails here is a bug of ours. */
import { autoDomainId, parseDomainId } from '../../address/domain-id.ts'
import { parseIp } from '../../address/ip.ts'
import { known } from '../../address/parsed.ts'
import { parsePrefix } from '../../address/prefix.ts'
import { autoRouteTarget, parseRouteTarget } from '../../address/route-target.ts'
import { parseRouterId } from '../../address/router-id.ts'
import type { DomainSettings, VnSettings } from '../../domain/settings.ts'
import type { NextHopSettings } from '../../federation/next-hops/settings.ts'
import type { FederatedDomain, FederationSettings, ShareSettings } from '../../federation/settings.ts'
import type { VnChain } from '../../policy/vn-chains.ts'
import type { EndOfRibSettings, ListenRangeSettings, PeerSettings, PeerTemplate, SpeakerSettings } from '../../speaker/settings.ts'
import type { Endpoint } from '../../speaker/world.ts'
import type { ReadSecret } from '../file/secret.ts'
import type { CompiledPolicies } from '../policies/compiled-policies.ts'
import { isAny, parseEndpoint, parseHost, parseListenEndpoint } from '../schema/endpoint.ts'
import type { ConfigurationFile, FederatedDomainFile, GroupFile, NextHopsFile, NvaFile, ShareFile, VnFile } from '../schema/nva-schema.ts'
import type { PolicyNames } from '../schema/policy-schema.ts'
import { domainLimits, shareLimits } from './limit-settings.ts'
import { macMoves } from './mac-moves.ts'
import { viaSettings } from './via-settings.ts'

export const BGP_PORT = 179
const HOLD_TIME_SECONDS = 90
const CONNECT_RETRY_SECONDS = 5
const SEND_HOLD_SECONDS = 8 * 60
const RANGE_LIMIT = 100
/** Of IANA's registry (RFC 8365 §11, RFC 9012 §13). */
const TUNNEL_TYPES = { vxlan: 8, nvgre: 9, 'vxlan-gpe': 12, geneve: 19 } as const
const STALE_SECONDS = 0
/** FRR dials again after two minutes, or after ten seconds as data center profiles have it. */
export const END_OF_RIB: EndOfRibSettings = { withinSeconds: 120, quietSeconds: 20 }

/** The most specific listen range comes first, so that the first that holds an address is the right one. */
export function speakerSettings(
  file: ConfigurationFile,
  readSecret: ReadSecret,
  policies: CompiledPolicies,
  running?: SpeakerSettings,
): SpeakerSettings {
  const nva = file.nva
  const groups = file.peerGroups ?? {}
  const routerId = known(parseRouterId(nva.routerId))
  const peers = Object.entries(file.peers ?? {}).map(([name, peer]): PeerSettings => {
    const typed = { ...(peer.group === undefined ? {} : groups[peer.group]), ...peer }
    return { name, address: known(parseHost(peer.address)), ...template(nva, typed, peer.group ?? null, readSecret, policies) }
  })
  const dialled = (peer: PeerSettings): PeerSettings => ({ ...peer, localAddress: peer.localAddress ?? ownAddress(nva, peer.address) })
  const ranges = (file.listenRanges ?? []).map((range): ListenRangeSettings => {
    const prefix = known(parsePrefix(range.prefix))
    return {
      prefix: prefix.address,
      prefixLength: prefix.length,
      limit: range.limit ?? RANGE_LIMIT,
      ...template(nva, groups[range.group] ?? {}, range.group, readSecret, policies),
      passive: true,
    }
  })
  const foreign = Object.entries(file.federation?.domains ?? {}).flatMap(([name, domain]) =>
    domainPeers(name, domain, readSecret, policies),
  )
  return {
    name: nva.name,
    asn: nva.asn,
    routerId,
    clusterId: nva.clusterId === undefined ? routerId : known(parseRouterId(nva.clusterId)),
    peers: [...peers, ...foreign].map(dialled),
    listenRanges: ranges.sort((a, b) => b.prefixLength - a.prefixLength),
    endOfRib: endOfRib(file),
    vnImport: policies.ofVns(vnChains(file, policies, 'import'), running?.vnImport),
    vnExport: policies.ofVns(vnChains(file, policies, 'export'), running?.vnExport),
  }
}

/**
 * The address to dial from when none is given: the one we listen on in the IP version of the peer, if there is just one. A peer knows us by that
 * address, and it need not be that of the interface towards the peer.
 */
function ownAddress(nva: NvaFile, peer: string): string | null {
  const own = listenEndpoints(nva.listen, []).filter(({ address }) => address.includes(':') === peer.includes(':') && !isAny(address))
  return own.length === 1 ? own[0]!.address : null
}

export function domainSettings(file: ConfigurationFile): DomainSettings {
  return { name: file.nva.domain, vns: vnSettings(file.nva.asn, file.vns ?? {}) }
}

/** Route targets that are not given are those every switch of the AS derives from the VNI. */
export function vnSettings(asn: number, vns: Readonly<Record<string, VnFile>>): VnSettings[] {
  return Object.entries(vns).map(([name, vn]) => {
    const auto = [autoRouteTarget(asn, vn.vni)]
    return {
      name,
      vni: vn.vni,
      service: vn.service ?? 'l2',
      importTargets: vn.routeTargets?.import?.map(target) ?? auto,
      exportTargets: vn.routeTargets?.export?.map(target) ?? auto,
    }
  })
}

export function federationSettings(file: ConfigurationFile): FederationSettings {
  const domains = Object.entries(file.federation?.domains ?? {}).map(([name, domain]): FederatedDomain => {
    const shares = Object.entries(domain.share ?? {}).map(([vn, share]) => shareSettings(file, domain.asn, vn, share))
    return {
      name,
      asn: domain.asn,
      domainId: domainId(domain.domainId, domain.asn),
      peers: domain.peers.map((typed) => foreignName(name, typed)),
      share: shares,
      limits: domainLimits(domain.limits),
      macMoves: macMoves({ ...file.federation?.macMoves, ...domain.macMoves }),
      staleSeconds: domain.staleTime ?? STALE_SECONDS,
      interconnectSegments: domain.interconnectSegments ?? false,
      heedsStickyMacs: domain.stickyMacs === 'heed',
      nextHops: nextHops(domain.nextHops),
    }
  })
  const { region = null, transit = [], internalCommunities = null } = file.federation ?? {}
  return {
    region,
    domainId: domainId(file.federation?.domainId, file.nva.asn),
    internalCommunities,
    domains,
    macMoves: macMoves(file.federation?.macMoves ?? {}),
    transit: transit.map(([a, b]) => [a, b]),
  }
}

/** Any but our own, unless said. */
function nextHops(typed: NextHopsFile | undefined): NextHopSettings {
  const prefixes = (texts: readonly string[]) => texts.map((text) => known(parsePrefix(text)))
  return { within: typed?.within === undefined ? null : prefixes(typed.within), shared: prefixes(typed?.shared ?? []) }
}

function endOfRib({ federation }: ConfigurationFile): EndOfRibSettings {
  const { within, quiet } = federation?.endOfRib ?? {}
  return { withinSeconds: within ?? END_OF_RIB.withinSeconds, quietSeconds: quiet ?? END_OF_RIB.quietSeconds }
}

/** Port 179 where none was typed; `otherwise` when the key is not there. */
export function listenEndpoints(typed: readonly string[] | undefined, otherwise: readonly Endpoint[]): readonly Endpoint[] {
  return typed?.map((text) => withPort(known(parseListenEndpoint(text)), BGP_PORT)) ?? otherwise
}

/** RFC 9687 §4: the greater of eight minutes and twice the hold time. */
export function sendHoldSeconds(holdTimeSeconds: number): number {
  return Math.max(SEND_HOLD_SECONDS, 2 * holdTimeSeconds)
}

export function withPort(endpoint: { readonly address: string; readonly port: number | null }, otherwise: number): Endpoint {
  return { address: endpoint.address, port: endpoint.port ?? otherwise }
}

export function timers(typed: { readonly holdTime?: number | undefined; readonly connectRetry?: number | undefined }) {
  const holdTimeSeconds = typed.holdTime ?? HOLD_TIME_SECONDS
  return {
    holdTimeSeconds,
    connectRetrySeconds: typed.connectRetry ?? CONNECT_RETRY_SECONDS,
    sendHoldSeconds: sendHoldSeconds(holdTimeSeconds),
  }
}

/** The address others know us by: the first one we listen on. null: we listen on all of them. */
export function knownAddress(nva: NvaFile): Uint8Array | null {
  const [own] = listenEndpoints(nva.listen, []).filter(({ address }) => !isAny(address))
  return own === undefined ? null : known(parseIp(own.address))
}

/** A route that no policy of its VN decides about passes: within the domain nothing is refused that nobody refuses. */
function vnChains(file: ConfigurationFile, policies: CompiledPolicies, direction: 'import' | 'export'): VnChain[] {
  const typed = file.vns ?? {}
  return vnSettings(file.nva.asn, typed).flatMap(({ name, importTargets, exportTargets }): VnChain[] => {
    const chain = policies.chain(typed[name]?.[direction], 'accept')
    return chain === null ? [] : [{ name, targets: [...importTargets, ...exportTargets], chain }]
  })
}

function template(nva: NvaFile, typed: GroupFile, group: string | null, readSecret: ReadSecret, policies: CompiledPolicies): PeerTemplate {
  const asn = typed.asn ?? nva.asn
  const chain = (names: PolicyNames | undefined) =>
    asn === nva.asn ? policies.chain(names, 'accept') : (policies.chain(names, 'reject') ?? policies.silence())
  const toNve = (names: PolicyNames | undefined) =>
    asn === nva.asn ? policies.chainToNve(names, 'accept') : names === undefined ? policies.silence() : policies.chainToNve(names, 'reject')
  const role = typed.role ?? 'nve'
  return {
    role,
    group,
    domain: null,
    asn,
    port: typed.port ?? BGP_PORT,
    passive: typed.passive ?? false,
    localAddress: typed.localAddress === undefined ? null : known(parseHost(typed.localAddress)),
    password: typed.password === undefined ? null : known(readSecret(typed.password)),
    profile: typed.profile ?? null,
    importPolicy: chain(typed.import),
    exportPolicy: role === 'nve' ? toNve(typed.export) : chain(typed.export),
    routeReflectorClient: typed.routeReflectorClient ?? (role === 'nve' && asn === nva.asn),
    ...timers(typed),
  }
}

/** Without a policy what is shared decides alone. */
function domainPeers(name: string, domain: FederatedDomainFile, readSecret: ReadSecret, policies: CompiledPolicies): PeerSettings[] {
  return domain.peers.map((typed) => ({
    name: foreignName(name, typed),
    role: 'nva',
    group: null,
    profile: null,
    importPolicy: policies.chain(domain.import, 'reject'),
    exportPolicy: policies.chain(domain.export, 'reject'),
    domain: name,
    asn: domain.asn,
    ...withPort(known(parseEndpoint(typed)), domain.port ?? BGP_PORT),
    passive: domain.passive ?? false,
    localAddress: domain.localAddress === undefined ? null : known(parseHost(domain.localAddress)),
    password: domain.password === undefined ? null : known(readSecret(domain.password)),
    routeReflectorClient: false,
    ...timers(domain),
  }))
}

/** An NVA of another domain is named after the domain and its address. */
function foreignName(domain: string, typed: string): string {
  return `${domain}/${known(parseEndpoint(typed)).address}`
}

function shareSettings(file: ConfigurationFile, peerAsn: number, vn: string, share: ShareFile | null): ShareSettings {
  const vni = share?.vni ?? file.vns?.[vn]?.vni ?? 0
  const via = share?.via === undefined ? null : viaSettings(share.via, file.nva.asn, vni)
  const peerTargets = share?.routeTargets?.map(target) ?? [autoRouteTarget(peerAsn, vni)]
  const tunnelType = TUNNEL_TYPES[share?.encapsulation ?? 'vxlan']
  return { vn, vni, peerTargets, via, tunnelType, ...shareLimits(share?.limits) }
}

/** A domain that names none has its AS number and 0. */
function domainId(typed: string | undefined, asn: number): Uint8Array {
  return typed === undefined ? autoDomainId(asn) : known(parseDomainId(typed))
}

function target(typed: string): Uint8Array {
  return known(parseRouteTarget(typed))
}
