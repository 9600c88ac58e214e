/**
 * VNs that cross through data gateways, whose VNIs differ from domain to domain. A gateway is a plain Linux bridge that joins two VXLAN devices, learning on:
 * it knows nothing of BGP, and where it floods it is told by `fednva show gateways`.
 *
 *     ga1 - a1 --VNI 410-- gate-a ==VNI 4000== gate-b --VNI 420-- b1 - gb1      gated: gateways at both ends; gate-a2 stands by
 *     ha1 - a1 --VNI 510-- gate-a ----------VNI 520-------------- b1 - hb1      half:  a gateway at one end
 *     da1 - a1 --VNI 430-- gate-a, gate-a2 --VNI 440------------- b1 - db1      dual:  two at one end that share an Ethernet segment
 */
import { must, run } from './command.ts'
import { addLink, addNamespace, inside, script } from './namespaces.ts'
import { fednva } from './nva-fednva.ts'
import { DOMAINS, type DomainName, NVES, type TenantPlan, UNDERLAY_MTU } from './plan.ts'
import { addTenant } from './tenants.ts'
import { expect } from './until.ts'
import type { Workplace } from './workplace.ts'

export interface GatePlan {
  readonly name: string
  readonly domain: DomainName
  readonly address: string
}

/** In the order of their rank. */
export const GATES: readonly GatePlan[] = [
  { name: 'gate-a', domain: 'a', address: '10.1.0.250' },
  { name: 'gate-a2', domain: 'a', address: '10.1.0.251' },
  { name: 'gate-b', domain: 'b', address: '10.2.0.250' },
]

export interface GatedVn {
  readonly name: string
  readonly vni: Readonly<Record<DomainName, number>>
  readonly interconnect: number
  /** Domains that have gateways for it. */
  readonly via: readonly DomainName[]
  /** Interconnect Ethernet segment of these gateways; null: they are ranked. */
  readonly esi: string | null
  /** First letter of its tenants' names, and what stands in their MACs and in their subnet. */
  readonly letter: string
  readonly number: number
}

export const GATED: readonly GatedVn[] = [
  { name: 'gated', vni: { a: 410, b: 420 }, interconnect: 4000, via: ['a', 'b'], esi: null, letter: 'g', number: 41 },
  { name: 'half', vni: { a: 510, b: 520 }, interconnect: 520, via: ['a'], esi: null, letter: 'h', number: 51 },
  { name: 'dual', vni: { a: 430, b: 440 }, interconnect: 440, via: ['a'], esi: '00:65:6d:65:61:00:00:00:00:01', letter: 'd', number: 43 },
]

const tenant = (vn: GatedVn, nve: string, host: number): TenantPlan => ({
  name: `${vn.letter}${nve}`,
  nve,
  vni: vn.vni[nve.startsWith('a') ? 'a' : 'b'],
  address: `192.168.${vn.number}.${host}`,
  mac: `02:00:00:00:${vn.number}:${host.toString(16).padStart(2, '0')}`,
})

export const GATED_TENANTS: readonly TenantPlan[] = GATED.flatMap((vn) => [
  tenant(vn, 'a1', 11),
  tenant(vn, 'a2', 12),
  tenant(vn, 'b1', 21),
])

/** What stands under `vns` of a domain's NVA for them, and under `share` towards the other one. */
export const gatedVns = (domain: DomainName): string => GATED.map((vn) => `  ${vn.name}: { vni: ${vn.vni[domain]} }\n`).join('')

export function gatedShares(domain: DomainName): string {
  const gates = GATES.filter((gate) => gate.domain === domain).map(({ address }) => `{ address: ${address} }`)
  return GATED.map(({ name, interconnect, via, esi }) => {
    const segment = esi === null ? '' : `, esi: "${esi}"`
    const through = via.includes(domain) ? `, via: { gateways: [${gates.join(', ')}]${segment} }` : ''
    return `        ${name}: { vni: ${interconnect}${through} }\n`
  }).join('')
}

/** Gateways, the VNs' segments on the NVEs, and their tenants. */
export async function buildGated(): Promise<void> {
  for (const [index, nve] of NVES.entries()) {
    for (const { vni } of GATED) {
      const id = vni[nve.domain]
      await script(
        nve.name,
        `ip link add br${id} address 02:01:00:1${index}:${(id >> 8).toString(16)}:${(id & 0xff).toString(16)} type bridge stp_state 0 mcast_snooping 0
ip link add vx${id} mtu 1500 type vxlan id ${id} local ${nve.vtep} dstport 4789 nolearning
ip link set vx${id} master br${id} up
bridge link set dev vx${id} learning off neigh_suppress on
ip link set br${id} up
sysctl -qw net.ipv4.conf.br${id}.arp_accept=1`,
      )
    }
  }
  for (const gate of GATES) {
    await addNamespace(gate.name)
    await addLink('core', gate.name, gate.name, 'eth0', UNDERLAY_MTU)
    await script('core', `ip link set ${gate.name} master br-${gate.domain} up`)
    const bridges = GATED.filter(({ via }) => via.includes(gate.domain)).flatMap(({ vni, interconnect, name }) => [
      `ip link add ${name} type bridge stp_state 0 mcast_snooping 0`,
      ...[vni[gate.domain], interconnect].flatMap((id) => [
        `ip link add vx${id} mtu 1500 type vxlan id ${id} local ${gate.address} dstport 4789`,
        `ip link set vx${id} master ${name} up`,
      ]),
      `ip link set ${name} up`,
    ])
    await script(
      gate.name,
      `sysctl -qw net.ipv6.conf.all.disable_ipv6=1
ip link set eth0 up
ip addr add ${gate.address}/16 dev eth0
ip route add 10.0.0.0/14 via ${DOMAINS[gate.domain].gateway}
${bridges.join('\n')}`,
    )
  }
  for (const plan of GATED_TENANTS) await addTenant(plan)
}

/** A row of `fednva show gateways --json`, as far as the lab needs it. */
export interface ShownGateway {
  readonly gateway: string
  readonly vn: string
  readonly active: boolean
  readonly local: { readonly vni: number; readonly vteps: readonly string[] }
  readonly interconnect: { readonly vni: number; readonly vteps: readonly string[] }
}

const socketOf = (domain: DomainName, workplace: Workplace): string => `${workplace.directory(DOMAINS[domain].nva)}/api.sock`

export async function shownGateways(domain: DomainName, workplace: Workplace): Promise<readonly ShownGateway[]> {
  const answer = await must(fednva('show', 'gateways', '--json', '--socket', socketOf(domain, workplace)), { timeoutSeconds: 15 })
  return (JSON.parse(answer) as { gateways: ShownGateway[] }).gateways
}

/** Says of a gateway how it is. */
export async function sayGate(gate: GatePlan, state: 'up' | 'down' | 'auto', workplace: Workplace): Promise<void> {
  await must(fednva('gateway', gate.address, state, '--socket', socketOf(gate.domain, workplace)), { timeoutSeconds: 15 })
}

const FLOOD = '00:00:00:00:00:00'

/** Brings the flood lists of all gateways to what their NVAs say: what an operator's script would do. */
export async function tellGates(workplace: Workplace): Promise<void> {
  for (const domain of ['a', 'b'] as const) {
    for (const row of await shownGateways(domain, workplace)) {
      const gate = GATES.find(({ address }) => address === row.gateway)
      expect(gate !== undefined, `a gateway that the lab has not: ${row.gateway}`)
      for (const { vni, vteps } of [row.local, row.interconnect]) await flood(gate, `vx${vni}`, vteps)
    }
  }
}

async function flood(gate: GatePlan, device: string, vteps: readonly string[]): Promise<void> {
  const { stdout } = await run(inside(gate.name, 'bridge', 'fdb', 'show', 'dev', device))
  const there = [...stdout.matchAll(/^00:00:00:00:00:00 dst (\S+)/gm)].map(([, vtep]) => vtep!)
  const change = [
    ...vteps.filter((vtep) => !there.includes(vtep)).map((vtep) => `bridge fdb append ${FLOOD} dev ${device} dst ${vtep}`),
    ...there.filter((vtep) => !vteps.includes(vtep)).map((vtep) => `bridge fdb del ${FLOOD} dev ${device} dst ${vtep}`),
  ]
  if (change.length > 0) await script(gate.name, change.join('\n'))
}
