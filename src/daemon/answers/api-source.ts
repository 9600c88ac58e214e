/** What the API asks, answered from what stands in the rooms. Owns nothing. */
import { formatRouteTarget } from '../../address/route-target.ts'
import { formatRouterId } from '../../address/router-id.ts'
import type { RouteQuery } from '../../api/route-query.ts'
import type { NveRow } from '../../api/schema/nves.ts'
import type { PeerRow } from '../../api/schema/peers.ts'
import type { StatusView } from '../../api/schema/status.ts'
import type { VnRow } from '../../api/schema/vns.ts'
import type { ApiSource, RoutePosition } from '../../api/source.ts'
import { hex } from '../../bytes/octets.ts'
import type { LoadedModules } from '../../config/policies/own-modules.ts'
import type { Policy } from '../../policy/chain.ts'
import { REFUSAL_TEXT, REFUSALS } from '../../policy/refusal.ts'
import type { Peer } from '../../speaker/peers/peer.ts'
import { sameIdentifier } from '../../speaker/peers/same-identifier.ts'
import type { World } from '../../speaker/world.ts'
import type { LoopWatch } from '../../telemetry/loop-watch.ts'
import type { Nva } from '../nva.ts'
import { moduleRows } from '../own-modules.ts'
import { VERSION } from '../version.ts'
import { explanations } from './explain.ts'
import { federationView } from './federation-view.ts'
import { frozenMacs } from './frozen-macs.ts'
import { gatewayRows, sayGateway } from './gateway-rows.ts'
import { policyRows } from './policy-rows.ts'
import { routeRow } from './route-row.ts'

/** What is not told back to those it came from is nothing to report. */
const OWN = REFUSALS.indexOf('back-to-its-domain')

/** What the daemon knows beside what runs. */
export interface Surroundings {
  /** Policies of the configuration that runs. */
  policies(): readonly Policy[]
  /** Policy modules of the operator's own. */
  modules(): LoadedModules
  /** Connections that were not taken. */
  connectionsRefused(): number
  /** See `ApiSource`. */
  readonly policyDiff: ApiSource['policyDiff']
  /** Reads the configuration file again. */
  readonly reload: ApiSource['reload']
}

export function apiSource(nva: Nva, world: World, watch: LoopWatch, beside: Surroundings): ApiSource {
  const { policies, modules, policyDiff, reload } = beside
  const started = world.now()
  const { speaker } = nva
  const seconds = (since: number) => Math.max(0, Math.round((world.now() - since) / 100) / 10)

  const peerRow = (peer: Peer, twins: readonly Peer[]): PeerRow => {
    const attachment = speaker.sources.sessionOf(peer)
    const standing = peer.standing
    const id = attachment?.inbound.peer ?? 0
    const received = attachment === undefined ? 0 : speaker.rib.receivedFrom(id)
    const refused = attachment === undefined ? {} : refusals(nva, id)
    const refusedTotal = Object.values(refused).reduce((sum, count) => sum + count, 0)
    return {
      name: peer.settings.name,
      address: peer.settings.address,
      port: standing?.connection.link.remote.port ?? peer.settings.port,
      role: peer.settings.role,
      group: peer.settings.group,
      domain: peer.settings.domain,
      asn: peer.settings.asn,
      passive: peer.settings.passive,
      authentication: peer.settings.password === null ? null : 'tcp-md5',
      state: peer.state,
      stateSeconds: seconds(peer.stateSince),
      timesUp: peer.established,
      routerId: standing === null ? null : formatRouterId(standing.agreed.peerRouterId),
      sameRouterIdAs: twins.map(({ settings }) => settings.name),
      holdTimeSeconds: standing?.agreed.holdTimeSeconds ?? null,
      families: standing === null ? [] : [speaker.rib.family.name],
      routesReceived: received,
      routesAccepted: received - refusedTotal,
      routesOfNoVn: nva.census.strays.get(id) ?? 0,
      routesSent: attachment === undefined ? 0 : attachment.group.sentTo(id),
      refused,
      faults: Object.fromEntries(peer.faults.byReason),
      withheld: attachment === undefined ? {} : byReason((index) => (index === OWN ? 0 : attachment.group.withheldFor(index))),
      messagesIn: peer.received.total,
      messagesOut: peer.sent.total,
      lastError: peer.lastError === '' ? null : peer.lastError,
    }
  }

  return {
    status: (): StatusView => ({
      name: nva.settings.speaker.name,
      domain: nva.settings.domain.name,
      asn: nva.settings.speaker.asn,
      routerId: formatRouterId(nva.settings.speaker.routerId),
      version: VERSION,
      uptimeSeconds: seconds(started),
      longestBlockMs: watch.read(),
      peers: speaker.peers.size,
      peersEstablished: [...speaker.peers.values()].filter((peer) => peer.standing !== null).length,
      connectionsRefused: beside.connectionsRefused(),
      routes: speaker.rib.paths,
    }),
    peers: () => {
      const peers = [...speaker.peers.values()]
      const twins = sameIdentifier(peers)
      return peers.map((peer) => peerRow(peer, twins.get(peer) ?? []))
    },
    routes: (query, after) => routes(nva, Math.floor(world.now() / 1000), query, after),
    explain: (query, after) => explanations(nva, world, query, after),
    policies: () => policyRows(policies(), nva.settings.speaker),
    modules: () => moduleRows(modules()),
    policyDiff,
    vns: (): VnRow[] =>
      nva.census.vns.map(({ vn, routes: count, nves, tenantSystems }) => ({
        name: vn.name,
        vni: vn.vni,
        service: vn.service,
        routeTargets: { import: targetTexts(vn.importTargets), export: targetTexts(vn.exportTargets) },
        routes: count,
        nves: nves.size,
        tenantSystems,
        sharedWith: nva.settings.federation.domains.filter((d) => d.share.some((s) => s.vn === vn.name)).map((d) => d.name),
      })),
    nves: () => nveRows(nva),
    federation: () => federationView(nva, world.now(), seconds, (peer) => refusals(nva, peer)),
    gateways: () => gatewayRows(nva),
    sayGateway: (address, up) => sayGateway(nva, address, up),
    frozen: () => frozenMacs(nva, world.now()),
    thaw: (vn, mac) => nva.thaw(vn, mac),
    errors: () => ({
      errors: speaker.faults.all().map(({ at, notification, octets, ...record }) => ({
        ...record,
        time: new Date(Date.now() - (world.now() - at)).toISOString(),
        notification,
        hex: hex(octets),
      })),
      forgotten: speaker.faults.forgotten,
    }),
    reload,
  }
}

/** Refused paths of a peer, by reason in words. */
function refusals(nva: Nva, peer: number): Record<string, number> {
  return byReason((index) => nva.speaker.rib.refusedFrom(peer, index))
}

function byReason(count: (index: number) => number): Record<string, number> {
  const counts: Record<string, number> = {}
  for (const [index, reason] of REFUSALS.entries()) {
    const number = count(index)
    if (number > 0) counts[REFUSAL_TEXT[reason]] = number
  }
  return counts
}

/** Cursor: destination id, then how many of its paths have been seen. */
function* routes(nva: Nva, nowSeconds: number, query: RouteQuery, after: string | null): Iterable<RoutePosition> {
  const { rib } = nva.speaker
  const [dest = 0, seen = 0] = after === null ? [] : after.split('.').map(Number)
  for (let id = Number.isInteger(dest) ? dest : 0; id < rib.destinations.capacity; id++) {
    if (!rib.destinations.isLive(id)) continue
    const wanted = query.type === null || rib.destinations.typeOf(id) === query.type
    let place = 0
    for (let row = rib.firstRow(id); row >= 0; row = rib.nextRow(row)) {
      place++
      if (id === dest && place <= seen && after !== null) continue
      const shown = wanted && (!query.bestOnly || rib.destinations.best[id] === row)
      yield { cursor: `${id}.${place}`, row: shown ? routeRow(nva, id, row, nowSeconds) : null }
    }
  }
}

/** NVEs of this domain by peer, then every other VTEP that holds something of a configured VN. */
function nveRows(nva: Nva): NveRow[] {
  const { speaker, census, settings } = nva
  const rows = new Map<string, NveRow>()
  for (const peer of speaker.peers.values()) {
    if (peer.settings.role !== 'nve') continue
    const id = speaker.sources.sessionOf(peer)?.inbound.peer
    rows.set(peer.settings.name, {
      name: peer.settings.name,
      vtep: peer.settings.address,
      domain: settings.domain.name,
      state: peer.state,
      vns: [],
      tenantSystems: 0,
      routes: id === undefined ? 0 : speaker.rib.receivedFrom(id),
    })
  }
  for (const nve of census.nves.values()) {
    const attachment = speaker.sources.attachments[nve.peer]
    const peer = attachment?.peer
    const own = peer?.settings.role === 'nve' ? rows.get(peer.settings.name) : undefined
    const vns = [...nve.vns.keys()].sort((a, b) => a - b).map((index) => census.vns[index]!.vn.name)
    rows.set(own?.name ?? nve.vtep, {
      name: own?.name ?? nve.vtep,
      vtep: nve.vtep,
      domain: attachment?.domain ?? settings.domain.name,
      state: own?.state ?? null,
      vns,
      tenantSystems: nve.tenantSystems,
      routes: nve.routes,
    })
  }
  return [...rows.values()]
}

function targetTexts(targets: readonly Uint8Array[]): string[] {
  return targets.map((target) => formatRouteTarget(target))
}
