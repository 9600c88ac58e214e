import { ethernetAd } from './ethernet-ad.ts'
import { ethernetSegment } from './ethernet-segment.ts'
import { imet } from './imet.ts'
import { ipPrefix } from './ip-prefix.ts'
import { leafAd } from './leaf-ad.ts'
import { leaveSynch } from './leave-synch.ts'
import { macIp } from './mac-ip.ts'
import { membershipReportSynch } from './membership-report-synch.ts'
import { opaque } from './opaque.ts'
import { regionIPmsi } from './region-ipmsi.ts'
import type { EvpnRouteType } from './route-type.ts'
import { sPmsi } from './s-pmsi.ts'
import { smet } from './smet.ts'

/** The route types that are decoded. A new one: its file and its line here. */
export const EVPN_ROUTE_TYPES: readonly EvpnRouteType[] = [
  ethernetAd,
  macIp,
  imet,
  ethernetSegment,
  ipPrefix,
  smet,
  membershipReportSynch,
  leaveSynch,
  regionIPmsi,
  sPmsi,
  leafAd,
]

const BY_TYPE: EvpnRouteType[] = Array.from({ length: 256 }, () => opaque)
for (const entry of EVPN_ROUTE_TYPES) BY_TYPE[entry.type] = entry

/** The entry of a route type octet; `opaque` for all that have none. Hot. */
export function evpnRouteType(type: number): EvpnRouteType {
  return BY_TYPE[type]!
}
