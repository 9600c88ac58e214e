/** Two domains with data gateways between them, and somebody who reads every octet that leaves. */
import { ADDRESS, EDGES, homeOf, type NvaName, type TwoDomains } from './two-domains.ts'

export const GATEWAYS = { ams: ['192.0.2.250', '192.0.2.251'], fra: ['198.51.100.250'] } as const
export const INTERCONNECT = 70007
export const AMS_VIA = `{ vni: ${INTERCONNECT}, via: { gateway: ${GATEWAYS.ams[0]} } }`
export const FRA_VIA = `{ vni: ${INTERCONNECT}, via: { gateway: ${GATEWAYS.fra[0]} } }`

/** Watches what an NVA hands over to the other one: no NVE address of its domain may be in it, in whatever field. */
export function watch(world: TwoDomains, hiding: readonly NvaName[]): { octets: number } {
  const seen = { octets: 0 }
  const secrets = hiding.map((name) => ({
    from: ADDRESS[name] as string,
    to: ADDRESS[name === 'ams' ? 'fra' : 'ams'] as string,
    inside: EDGES.filter((edge) => homeOf(edge) === name).map((edge) => Buffer.from(ADDRESS[edge].split('.').map(Number))),
  }))
  world.region.tap = (from, to, octets) => {
    const secret = secrets.find((one) => one.from === from && one.to === to)
    if (secret === undefined) return
    seen.octets += octets.length
    for (const address of secret.inside) {
      if (Buffer.from(octets).includes(address)) throw new Error(`${from} tells ${to} of ${[...address].join('.')}`)
    }
  }
  return seen
}
