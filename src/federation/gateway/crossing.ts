/** One VN on its way across one boundary in one direction, in the clothes in which a gateway tells of it. */
import type { VnSettings } from '../../domain/settings.ts'
import type { KeptCommunities } from '../agreement/internal-communities.ts'
import type { ShareSettings } from '../settings.ts'
import type { GatewaySettings, ViaSettings } from './settings.ts'

export interface Crossing {
  /** Its place in the list of all: the first two octets of mapping keys. */
  readonly index: number
  /** Index of the crossing of the same VN and domain in the other direction. */
  readonly otherWay: number
  /** The other domain. */
  readonly domain: string
  /** Its DOMAIN-ID, 6 octets. */
  readonly domainId: Uint8Array
  readonly outward: boolean
  readonly vn: VnSettings
  readonly share: ShareSettings
  readonly via: ViaSettings
  /** Peer id in the RIB of the routes made for it. */
  readonly source: number
  /** Route distinguisher of those routes, 8 octets: the NVA's own. */
  readonly rd: Uint8Array
  /** The VNI in them: of the interconnect outward, the local one inward. */
  readonly vni: number
  /** What they take over of the communities of the route behind them. */
  readonly communities: KeptCommunities
  /** What they take over where one route stands for many: no communities at all. */
  readonly communitiesOfMany: KeptCommunities
  /** The route targets in them: those agreed outward, what local NVEs import inward. */
  readonly targets: readonly Uint8Array[]
}

/** Where those who are told send frames to. */
export function nextHopOf({ outward }: Crossing, gateway: GatewaySettings): Uint8Array {
  return outward ? gateway.address : gateway.insideAddress
}
