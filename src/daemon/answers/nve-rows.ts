import type { NveRow } from '../../api/schema/nves.ts'
import type { Nva } from '../nva.ts'

/** NVEs of this domain by peer, then every other VTEP that holds something of a configured VN. */
export function nveRows(nva: Nva): NveRow[] {
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
