/** The data gateways as the API shows them: one row for each gateway, VN and domain. */
import { formatIp, parseIp } from '../../address/ip.ts'
import { formatMac } from '../../address/mac.ts'
import type { GatewayRow } from '../../api/schema/gateways.ts'
import type { Nva } from '../nva.ts'

const WATCHED = { operator: 'operator', session: 'session', unwatched: 'nobody' } as const

export function gatewayRows({ gateways, gatewayHealth: health }: Nva): GatewayRow[] {
  if (gateways === null) return []
  const crossings = gateways.crossings.all
  return crossings
    .filter(({ outward }) => outward)
    .flatMap((out): GatewayRow[] => {
      const { vn, domain, via } = out
      const into = crossings.find((one) => !one.outward && one.domain === domain && one.vn === vn)
      if (into === undefined) return []
      const [inside, outside] = [gateways.floods(out), gateways.floods(into)]
      return via.gateways.map((gateway, index) => {
        const address = formatIp(gateway.address)
        const active = gateways.gatewayOf(out) === gateway
        return {
          gateway: address,
          inside: formatIp(gateway.insideAddress),
          nvesAbove: inside.filter((vtep) => isAbove(vtep, gateway.insideAddress)),
          routerMac: gateway.routerMac === null ? null : formatMac(gateway.routerMac, 0),
          vn: vn.name,
          domain,
          rank: index + 1,
          up: health.isUp(address),
          watchedBy: WATCHED[health.reason(address)],
          active,
          local: { vni: vn.vni, vteps: active ? inside : [] },
          interconnect: { vni: out.share.vni, vteps: active ? outside : [] },
          routesOut: active ? gateways.toldOf(out) : 0,
          routesIn: active ? gateways.toldOf(into) : 0,
        }
      })
    })
}

/** Whether the VTEP in text is higher than an address of the same family, as NVEs compare them (RFC 7432 §15.1). */
function isAbove(vtep: string, address: Uint8Array): boolean {
  const parsed = parseIp(vtep)
  return parsed.ok && parsed.value.length === address.length && Buffer.compare(parsed.value, address) > 0
}

/** See `ApiSource`. */
export function sayGateway(nva: Nva, typed: string, up: boolean | null): boolean {
  const known = nva.gateways?.crossings.all.some(({ via }) => via.gateways.some(({ address }) => formatIp(address) === typed)) ?? false
  if (!known) return false
  nva.gatewayHealth.say(typed, up)
  nva.judgeGateways()
  return true
}
