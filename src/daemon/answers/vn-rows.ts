import { formatRouteTarget } from '../../address/route-target.ts'
import type { VnRow } from '../../api/schema/vns.ts'
import type { Nva } from '../nva.ts'

/** The VNs of this domain, with what the census counts in them. */
export function vnRows(nva: Nva): VnRow[] {
  return nva.census.vns.map(({ vn, routes: count, nves, tenantSystems }) => ({
    name: vn.name,
    vni: vn.vni,
    service: vn.service,
    routeTargets: { import: targetTexts(vn.importTargets), export: targetTexts(vn.exportTargets) },
    routes: count,
    nves: nves.size,
    tenantSystems,
    sharedWith: nva.settings.federation.domains.filter((d) => d.share.some((s) => s.vn === vn.name)).map((d) => d.name),
  }))
}

function targetTexts(targets: readonly Uint8Array[]): string[] {
  return targets.map((target) => formatRouteTarget(target))
}
