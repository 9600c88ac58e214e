/** What comes from another domain in place of what was agreed on a VN, by one of the routes that are turned away for it: the words that lead to the setting. */
import { formatRouteTarget } from '../../address/route-target.ts'
import type { SharedVnView } from '../../api/schema/federation.ts'
import type { PathOf } from '../../federation/limits/turned-away.ts'
import type { ShareSettings } from '../../federation/settings.ts'
import { tunnelTypeName } from '../../wire/community/encapsulation.ts'
import { IP_PREFIX } from '../../wire/nlri/evpn/ip-prefix.ts'
import type { Nva } from '../nva.ts'
import { routeRow } from './route-row.ts'

/** What single routes are turned away for. */
export type Mismatch = Exclude<SharedVnView['mismatch'][number], 'route-target'>

/** `example`: null when none of the routes is there any more. */
export function foundInstead(nva: Nva, share: ShareSettings, mismatch: Mismatch, example: PathOf | null): string {
  const row = example === null ? null : rowOf(nva, example)
  const key = `share.${share.vn}`
  switch (mismatch) {
    case 'vni': {
      const came = row === null || row.vnis.length === 0 ? 'another VNI' : `VNI ${row.vnis.join(' and ')}`
      const ways = share.via
        ? ''
        : '; where the two sides keep theirs, the VN crosses through gateways (via), or NVEs take that of each route (downstreamVni)'
      return `${came} comes, ${share.vni} is agreed (${key}.vni)${ways}`
    }
    case 'encapsulation': {
      const came = row?.extCommunities
        .flatMap((community) => /^ET:(\d+)$/.exec(community)?.[1] ?? [])
        .map((type) => tunnelTypeName(Number(type)))
      return `${came?.join(' and ') || 'another encapsulation'} comes, ${tunnelTypeName(share.tunnelType)} is agreed (${key}.encapsulation)`
    }
    case 'service': {
      const [there, here] =
        row?.routeType === IP_PREFIX ? ['prefixes come, as of a layer-3 VN', 'l2'] : ['flooding is asked for, as in a layer-2 VN', 'l3']
      return `${there}, and here it is ${here} (vns.${share.vn}.service)`
    }
    case 'limits':
      return 'more comes than the limits below allow; show routes has what waits'
  }
}

/** `came`: the route target with which routes come. */
export function otherTarget({ vn, peerTargets }: ShareSettings, came: string): string {
  const agreed = peerTargets.map((target) => formatRouteTarget(target)).join(' and ')
  return `routes with target ${came} come, ${agreed} is agreed (share.${vn}.vni, or routeTargets beside it)`
}

/** Something comes, and nothing of this VN. */
export function awaited({ vn, vni, peerTargets }: ShareSettings): string {
  return `nothing comes with target ${peerTargets.map((target) => formatRouteTarget(target)).join(' or ')}, which routes with VNI ${vni} would bear (share.${vn})`
}

function rowOf(nva: Nva, { dest, peer }: PathOf) {
  const { rib } = nva.speaker
  for (let row = rib.firstRow(dest); row >= 0; row = rib.nextRow(row)) if (rib.peerOf(row) === peer) return routeRow(nva, dest, row, 0)
  return null
}
