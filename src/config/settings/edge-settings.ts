import { known } from '../../address/parsed.ts'
import { parseRouterId } from '../../address/router-id.ts'
import type { PeerSettings, SpeakerSettings } from '../../speaker/settings.ts'
import type { ReadSecret } from '../file/secret.ts'
import type { NveFile } from '../schema/edge-schema.ts'
import { parseEndpoint, parseHost } from '../schema/endpoint.ts'
import { BGP_PORT, END_OF_RIB, timers, withPort } from './settings-of.ts'

/** The NVAs are ordinary iBGP neighbours to an edge. */
export function edgeSpeaker(nve: NveFile, readSecret: ReadSecret): SpeakerSettings {
  const routerId = known(parseRouterId(nve.routerId))
  const peers = nve.nvas.map((typed): PeerSettings => {
    const nva = withPort(known(parseEndpoint(typed)), nve.port ?? BGP_PORT)
    return {
      name: nva.address,
      role: 'plain',
      group: null,
      profile: null,
      importPolicy: null,
      exportPolicy: null,
      domain: null,
      asn: nve.asn,
      ...nva,
      passive: false,
      localAddress: nve.localAddress === undefined ? null : known(parseHost(nve.localAddress)),
      password: nve.password === undefined ? null : known(readSecret(nve.password)),
      routeReflectorClient: false,
      ...timers(nve),
    }
  })
  return {
    name: nve.name,
    asn: nve.asn,
    routerId,
    clusterId: routerId,
    peers,
    listenRanges: [],
    endOfRib: END_OF_RIB,
    vnImport: null,
    vnExport: null,
  }
}
