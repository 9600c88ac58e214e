/** What the API asks, answered from what stands in the rooms. Owns nothing. */
import { formatRouterId } from '../../address/router-id.ts'
import { isCalled, noSuchPeer } from '../../api/peer-names.ts'
import type { StatusView } from '../../api/schema/status.ts'
import type { ApiSource } from '../../api/source.ts'
import { hex } from '../../bytes/octets.ts'
import type { LoadedModules } from '../../config/policies/own-modules.ts'
import type { Policy } from '../../policy/chain.ts'
import type { World } from '../../speaker/world.ts'
import type { LoopWatch } from '../../telemetry/loop-watch.ts'
import type { Nva } from '../nva.ts'
import { moduleRows } from '../own-modules.ts'
import { VERSION } from '../version.ts'
import { explanations } from './explain.ts'
import { federationView } from './federation-view.ts'
import { frozenMacs } from './frozen-macs.ts'
import { gatewayRows, sayGateway } from './gateway-rows.ts'
import { nveRows } from './nve-rows.ts'
import { peerRows, refusals } from './peer-rows.ts'
import { policyRows } from './policy-rows.ts'
import { routes } from './routes.ts'
import { vnRows } from './vn-rows.ts'

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
  /** Since a moment on the world's clock, to a tenth. */
  const seconds = (since: number) => Math.max(0, Math.round((world.now() - since) / 100) / 10)
  const peers = () => peerRows(nva, seconds)

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
    peers,
    routes: (query, after) => routes(nva, Math.floor(world.now() / 1000), query, after),
    explain: (query, after) => explanations(nva, world, query, after),
    policies: () => policyRows(policies(), nva.settings.speaker),
    modules: () => moduleRows(modules()),
    policyDiff,
    vns: () => vnRows(nva),
    nves: () => nveRows(nva),
    federation: (examples = true) => federationView(nva, world.now(), seconds, (peer) => refusals(nva, peer), examples),
    gateways: () => gatewayRows(nva),
    sayGateway: (address, up) => sayGateway(nva, address, up),
    frozen: () => frozenMacs(nva, world.now()),
    thaw: (vn, mac) => nva.thaw(vn, mac),
    resetPeer: (named, soft) => {
      const peer = [...speaker.peers.values()].find(({ settings }) => isCalled(settings, named))
      if (peer === undefined) return noSuchPeer(peers(), named)
      if (!soft) {
        speaker.reset(peer)
        return null
      }
      const asked = speaker.refreshBoth(peer)
      if (asked === null) return `the session with ${named} is not up`
      return asked
        ? null
        : `${named} has been told all again, but cannot be asked for what it has: it does not offer route refresh (RFC 2918)`
    },
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
