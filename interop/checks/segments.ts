/**
 * Gateways that share an interconnect Ethernet segment (RFC 9014 §4.4.3), as FRR sees them: it resolves the segment of a MAC by the type 1 routes of all gateways,
 * and the kernel has a group of next hops for it.
 */
import { must } from '../lab/command.ts'
import { GATED, GATED_TENANTS, GATES, sayGate } from '../lab/gated.ts'
import type { Lab } from '../lab/lab.ts'
import { inside } from '../lab/namespaces.ts'
import type { DomainName } from '../lab/plan.ts'
import { announce } from '../lab/tenants.ts'
import { expect, Unmet, until } from '../lab/until.ts'
import type { Check } from './check.ts'

const VN = GATED.find(({ esi }) => esi !== null)
const [FIRST, SECOND] = GATES as [(typeof GATES)[0], (typeof GATES)[0]]
const BOTH = [FIRST.address, SECOND.address]

function dual() {
  expect(VN !== undefined && VN.esi !== null, 'no VN with a segment')
  return { ...VN, esi: VN.esi }
}

const tenantOf = (name: string) => {
  const found = GATED_TENANTS.find((tenant) => tenant.name === name)
  expect(found !== undefined, `no tenant ${name}`)
  return found
}

/** VTEPs of the segment by `show evpn es ESI` of an NVE's zebra. */
async function vtepsOfSegment(lab: Lab, nve: string): Promise<string[]> {
  const shown = await lab.nve(nve).json<{ vteps?: readonly { vtep: string }[] }>(`show evpn es ${dual().esi}`)
  return (shown.vteps ?? []).map(({ vtep }) => vtep).sort()
}

/** Where the kernel of an NVE sends frames to a MAC: addresses of its next hop or group; with what the kernel says. */
async function kernelHops(nve: string, domain: DomainName, mac: string): Promise<{ hops: string[]; said: string }> {
  const fdb = await must(inside(nve, 'bridge', 'fdb', 'show', 'dev', `vx${dual().vni[domain]}`))
  const id = new RegExp(`^${mac} .*nhid (\\d+)`, 'm').exec(fdb)?.[1]
  if (id === undefined) throw new Unmet(`no next hops for ${mac} in ${nve}`, fdb)
  const group = await must(inside(nve, 'ip', 'nexthop', 'show', 'id', id))
  const members = /group (\S+)/
    .exec(group)?.[1]
    ?.split('/')
    .map((member) => member.split(',')[0] ?? '') ?? [id]
  const said = (await Promise.all(members.map((member) => must(inside(nve, 'ip', 'nexthop', 'show', 'id', member))))).join('')
  return { hops: [...said.matchAll(/via (\S+)/g)].map(([, address]) => address ?? '').sort(), said: `${fdb}${group}${said}` }
}

/** FRR and the kernel of `nve` have the MAC of a tenant behind the segment, and these gateways in it. */
async function untilBehindSegment(lab: Lab, nve: string, domain: DomainName, tenant: string, gateways: readonly string[]): Promise<void> {
  const { mac } = tenantOf(tenant)
  const { esi, vni } = dual()
  await until(`${nve} has ${tenant} behind ${gateways.join(' and ')}`, 30, async () => {
    await announce(tenantOf(tenant))
    const vteps = await vtepsOfSegment(lab, nve)
    if (vteps.join() !== [...gateways].sort().join()) throw new Unmet(`${nve} has the segment behind ${vteps.join(' and ')}`)
    const shown = await lab.nve(nve).json<Record<string, { esi?: string }>>(`show evpn mac vni ${vni[domain]} mac ${mac}`)
    if (shown[mac]?.esi !== esi) throw new Unmet(`${nve} has the MAC behind`, JSON.stringify(shown))
    const { hops, said } = await kernelHops(nve, domain, mac)
    if (hops.join() !== [...gateways].sort().join()) throw new Unmet(`the kernel of ${nve} sends to ${hops.join(' and ')}`, said)
    return true
  })
}

export const segments: readonly Check[] = [
  {
    name: 'segments: FRR inside has a MAC over there behind both gateways of the interconnect segment, and FRR over there one of here',
    only: 'fednva',
    async run(lab) {
      await untilBehindSegment(lab, 'a1', 'a', 'db1', BOTH)
      await untilBehindSegment(lab, 'a2', 'a', 'db1', BOTH)
      await untilBehindSegment(lab, 'b1', 'b', 'da1', BOTH)
    },
  },
  {
    name: 'segments: a gateway that is down leaves the segment, and with it all MACs behind it, in FRR and in the kernel, and comes back',
    only: 'fednva',
    async run(lab) {
      try {
        await sayGate(FIRST, 'down', lab.workplace)
        await untilBehindSegment(lab, 'a1', 'a', 'db1', [SECOND.address])
        await untilBehindSegment(lab, 'b1', 'b', 'da1', [SECOND.address])
      } finally {
        await sayGate(FIRST, 'auto', lab.workplace)
      }
      await untilBehindSegment(lab, 'a1', 'a', 'db1', BOTH)
      await untilBehindSegment(lab, 'b1', 'b', 'da1', BOTH)
    },
  },
]
