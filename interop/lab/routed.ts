/**
 * Two routed VNs of domain A, `east` on a1 and `west` on a2, between which rules (`interVn`) let one prefix of each side pass.
 *
 *     er1 192.168.61.11 - a1 --VNI 610 | 620-- a2 - wr1 192.168.62.11
 *         192.168.63.0/24 on a1 is named by no rule
 *
 * FRR 8.4 sends to a router of another VNI in its own VNI (it does not take the one of the route): each NVE therefore takes the other's VNI in as well.
 */
import type { Frr } from './frr.ts'
import { addLink, addNamespace, script } from './namespaces.ts'
import { DOMAINS } from './plan.ts'

export interface RoutedPlan {
  readonly vn: 'east' | 'west'
  readonly vni: number
  readonly otherVni: number
  readonly nve: 'a1' | 'a2'
  readonly tenant: string
  /** First three octets of its subnets; the first is that of the tenant and named by a rule. */
  readonly subnets: readonly string[]
}

export const ROUTED: readonly [RoutedPlan, RoutedPlan] = [
  { vn: 'east', vni: 610, otherVni: 620, nve: 'a1', tenant: 'er1', subnets: ['192.168.61', '192.168.63'] },
  { vn: 'west', vni: 620, otherVni: 610, nve: 'a2', tenant: 'wr1', subnets: ['192.168.62'] },
]

/** For the configuration of the NVA of domain A. */
export const routedVns = (): string => ROUTED.map(({ vn, vni }) => `  ${vn}: { vni: ${vni}, service: l3 }\n`).join('')
export const interVnRules = (): string => {
  const [east, west] = ROUTED
  const rule = (from: RoutedPlan, to: RoutedPlan) => `  - { from: ${from.vn}, to: ${to.vn}, prefixes: [${from.subnets[0]}.0/24] }\n`
  return `interVn:\n${rule(east, west)}${rule(west, east)}`
}

export async function buildRouted(frrOf: (nve: string) => Frr): Promise<void> {
  for (const [index, { vni, otherVni, nve, tenant, subnets }] of ROUTED.entries()) {
    const frr = frrOf(nve)
    const vxlan = (id: number) => `ip link add vx${id} mtu 1500 type vxlan id ${id} local ${frr.plan.vtep} dstport 4789 nolearning
ip link set vx${id} master br${vni} up
bridge link set dev vx${id} learning off`
    await addNamespace(tenant)
    await addLink(nve, tenant, tenant, 'eth0', 1500)
    await script(
      nve,
      `sysctl -qw net.ipv4.ip_forward=1 net.ipv4.conf.all.rp_filter=0 net.ipv4.conf.default.rp_filter=0
ip link add br${vni} address 02:01:00:2${index}:06:10 type bridge stp_state 0 mcast_snooping 0
${vxlan(vni)}
ip link set br${vni} up
ip link set ${tenant} up
${subnets.map((subnet) => `ip addr add ${subnet}.1/24 dev ${tenant}`).join('\n')}
${vxlan(otherVni)}`,
    )
    const networks = subnets.map((subnet) => `  network ${subnet}.0/24`).join('\n')
    await frr.vtysh(`configure terminal
vni ${vni}
router bgp ${DOMAINS.a.asn}
 address-family ipv4 unicast
${networks}
 exit-address-family
 address-family l2vpn evpn
  advertise ipv4 unicast
 exit-address-family`)
    await script(
      tenant,
      `sysctl -qw net.ipv6.conf.all.disable_ipv6=1
ip link set eth0 up
ip addr add ${subnets[0]}.11/24 dev eth0
ip route add default via ${subnets[0]}.1`,
    )
  }
}
