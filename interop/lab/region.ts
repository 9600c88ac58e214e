/**
 * A lab beside the lab: three domains x, y and z, each with an NVA and two FRR NVEs, whose NVAs have a cable from each to each. All VTEPs are on one segment.
 *
 *      tx1 - x1 \                / y1 - ty1        VN web, VNI 100, shared by all
 *                nva-x ---- nva-y                  VN calm, VNI 200, shared by x with w and with y
 *      tx2 - x2 /     \    /     \ y2 - ty2
 *                      nva-z - z1 - tz1            w: a scripted domain, on the segment, known to x
 *                            \ z2 - tz2
 */
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { must } from './command.ts'
import { type Evpn, startFrrIn } from './frr.ts'
import type { Lab } from './lab.ts'
import { addLink, addNamespace, removeNamespace, script } from './namespaces.ts'
import type { Nva } from './nva.ts'
import { fednva, runnableFednva } from './nva-fednva.ts'
import { buildDataPlane } from './nve.ts'
import { BGP_PORT, type TenantPlan, UNDERLAY_MTU } from './plan.ts'
import { addTenant } from './tenants.ts'

export type RegionDomain = 'x' | 'y' | 'z'
export const REGION_DOMAINS: readonly RegionDomain[] = ['x', 'y', 'z']
export type Pair = readonly [RegionDomain, RegionDomain]
export const PAIRS: readonly Pair[] = [
  ['x', 'y'],
  ['y', 'z'],
  ['x', 'z'],
]

const SEGMENT = 'segment'
export const WEB_VNI = 100
export const CALM_VNI = 200
/** The domain that is played, and beside it an NVE of x and one of y that are. */
export const SCRIPTED = { name: 'w', asn: 65109, address: '10.9.9.1', namespace: 'nva-w' } as const
const PLAYED_NVES = { x: '10.9.9.2', y: '10.9.9.3' } as const
export const LISTENER = PLAYED_NVES.x
export const LISTENER_OF_Y = PLAYED_NVES.y

const numberOf = (domain: RegionDomain): number => 1 + REGION_DOMAINS.indexOf(domain)
export const asnOf = (domain: RegionDomain): number => 65100 + numberOf(domain)
export const nvaOf = (domain: RegionDomain): string => `nva-${domain}`
export const nvaAddressOf = (domain: RegionDomain): string => `10.9.${numberOf(domain)}.100`
/** Address on the cable to another one. */
export const wanOf = (domain: RegionDomain, other: RegionDomain): string =>
  `10.254.${numberOf(domain) * numberOf(other)}.${numberOf(domain)}`

export interface RegionNve {
  readonly name: string
  readonly domain: RegionDomain
  readonly vtep: string
}

export const REGION_NVES: readonly RegionNve[] = REGION_DOMAINS.flatMap((domain) =>
  [1, 2].map((which) => ({ name: `${domain}${which}`, domain, vtep: `10.9.${numberOf(domain)}.${which}` })),
)

export const REGION_TENANTS: readonly TenantPlan[] = REGION_NVES.map(({ name, domain }) => ({
  name: `t${name}`,
  nve: name,
  vni: WEB_VNI,
  address: `192.168.90.${numberOf(domain)}${name.slice(1)}`,
  mac: `02:00:00:09:0${numberOf(domain)}:0${name.slice(1)}`,
}))

/** How the domains are joined. */
export interface Joined {
  readonly pairs: readonly Pair[]
  /** By domain: the other two, between which it passes routes on. */
  readonly transit: readonly RegionDomain[]
}

/** z is known to y alone, which passes on. */
export const CHAIN: Joined = { pairs: [PAIRS[0]!, PAIRS[1]!], transit: ['y'] }
export const TRIANGLE: Joined = { pairs: PAIRS, transit: REGION_DOMAINS }

export interface Region {
  frr(nve: string): Evpn
  /** Other agreements from now on, in all domains. */
  join(how: Joined): Promise<void>
  /** How much of VN web x tells y from now on, as written under `limits.out`; empty: all. */
  limitTold(limit: string): Promise<void>
  /** Parts two NVAs, and joins them again. */
  part(pair: Pair): Promise<void>
  heal(pair: Pair): Promise<void>
  /** What an NVA says to `fednva show ... --json`. */
  show<T>(domain: RegionDomain, ...words: readonly string[]): Promise<T>
  /** What it says to any other command with `--json`. */
  ask<T>(domain: RegionDomain, ...words: readonly string[]): Promise<T>
}

let opened: Promise<Region> | null = null

/** Built when the first check asks for it, as a chain; it stays for the others. */
export function regionOf(lab: Lab): Promise<Region> {
  opened ??= openRegion(lab).catch((error: unknown) => {
    opened = null
    throw error
  })
  return opened
}

async function openRegion(lab: Lab): Promise<Region> {
  const namespaces = [
    SEGMENT,
    SCRIPTED.namespace,
    ...REGION_DOMAINS.map(nvaOf),
    ...[...REGION_NVES, ...REGION_TENANTS].map(({ name }) => name),
  ]
  const nvas = new Map<RegionDomain, Nva>()
  const frrs = new Map<string, Evpn & { stop(): Promise<void> }>()
  const socketOf = (domain: RegionDomain) => join(lab.workplace.directory(nvaOf(domain)), 'api.sock')
  const close = async () => {
    await Promise.all([...[...nvas.values()].map((nva) => nva.terminate()), ...[...frrs.values()].map((frr) => frr.stop())])
    for (const namespace of namespaces) await removeNamespace(namespace)
  }
  try {
    await build()
    for (const domain of REGION_DOMAINS) {
      const nva = runnableFednva(nvaOf(domain), nvaOf(domain), (socket) => configuration(domain, CHAIN, socket), lab.workplace)
      nvas.set(domain, nva)
    }
    for (const nva of nvas.values()) await nva.start()
    await Promise.all(
      REGION_NVES.map(async (nve) => {
        frrs.set(nve.name, await startFrrIn(lab.runner, nve.name, lab.workplace.directory(nve.name), bgpdConfiguration(nve)))
      }),
    )
  } catch (error) {
    await close()
    throw error
  }
  let joined = CHAIN
  let toldToY = ''
  const reload = async (domain: RegionDomain) => {
    writeFileSync(join(lab.workplace.directory(nvaOf(domain)), 'fednva.yaml'), configuration(domain, joined, socketOf(domain), toldToY))
    await must(fednva('reload', '--socket', socketOf(domain)), { timeoutSeconds: 15 })
  }
  const ask = async <T>(domain: RegionDomain, ...words: readonly string[]) =>
    JSON.parse(await must(fednva(...words, '--json', '--socket', socketOf(domain)), { timeoutSeconds: 15 })) as T
  const cable = (pair: Pair, state: 'up' | 'down') =>
    script(nvaOf(pair[0]), `ip link set to-${pair[1]} ${state}`).then(() => script(nvaOf(pair[1]), `ip link set to-${pair[0]} ${state}`))
  return {
    frr(nve) {
      const found = frrs.get(nve)
      if (found === undefined) throw new Error(`no NVE ${nve}`)
      return found
    },
    async join(how) {
      joined = how
      for (const domain of REGION_DOMAINS) await reload(domain)
    },
    async limitTold(limit) {
      toldToY = limit
      await reload('x')
    },
    part: async (pair) => void (await cable(pair, 'down')),
    heal: async (pair) => void (await cable(pair, 'up')),
    show: (domain, ...words) => ask(domain, 'show', ...words),
    ask,
  }
}

async function build(): Promise<void> {
  await addNamespace(SEGMENT)
  await script(SEGMENT, `ip link add lan mtu ${UNDERLAY_MTU} type bridge stp_state 0 mcast_snooping 0\nip link set lan up`)
  const attach = async (namespace: string, address: string) => {
    await addNamespace(namespace)
    await addLink(SEGMENT, namespace, namespace, 'eth0', UNDERLAY_MTU)
    await script(SEGMENT, `ip link set ${namespace} master lan up`)
    await script(namespace, `ip addr add ${address}/16 dev eth0\nip link set eth0 up`)
  }
  for (const [index, nve] of REGION_NVES.entries()) {
    await attach(nve.name, nve.vtep)
    await buildDataPlane(nve, index + 1)
  }
  for (const domain of REGION_DOMAINS) await attach(nvaOf(domain), nvaAddressOf(domain))
  await attach(SCRIPTED.namespace, SCRIPTED.address)
  await script(
    SCRIPTED.namespace,
    `${Object.values(PLAYED_NVES)
      .map((address) => `ip addr add ${address}/16 dev eth0`)
      .join('\n')}`,
  )
  for (const [one, other] of PAIRS) {
    await addLink(nvaOf(one), `to-${other}`, nvaOf(other), `to-${one}`, 1500)
    await script(nvaOf(one), `ip addr add ${wanOf(one, other)}/24 dev to-${other}\nip link set to-${other} up`)
    await script(nvaOf(other), `ip addr add ${wanOf(other, one)}/24 dev to-${one}\nip link set to-${one} up`)
  }
  for (const tenant of REGION_TENANTS) await addTenant(tenant)
}

function configuration(domain: RegionDomain, { pairs, transit }: Joined, socket: string, toldToY = ''): string {
  const others = pairs.flatMap(([one, other]) => (one === domain ? [other] : other === domain ? [one] : []))
  const listen = [nvaAddressOf(domain), ...REGION_DOMAINS.filter((other) => other !== domain).map((other) => wanOf(domain, other))]
  return `nva:
  name: ${nvaOf(domain)}
  domain: ${domain}
  asn: ${asnOf(domain)}
  routerId: ${nvaAddressOf(domain)}
  listen: [${listen.map((address) => `"${address}:${BGP_PORT}"`).join(', ')}]
  api: { socket: ${socket} }
vns:
  web: { vni: ${WEB_VNI} }
  calm: { vni: ${CALM_VNI} }
peerGroups:
  leaves: { role: nve, routeReflectorClient: true, holdTime: 9, passive: true, profile: frr8 }
peers:
${REGION_NVES.filter((nve) => nve.domain === domain)
  .map(({ name, vtep }) => `  ${name}: { address: ${vtep}, group: leaves }\n`)
  .join('')}${domain === 'z' ? '' : `  listener: { address: ${PLAYED_NVES[domain]}, group: leaves }\n`}federation:
${transit.includes(domain) ? `  transit: [[${REGION_DOMAINS.filter((other) => other !== domain).join(', ')}]]\n` : ''}  domains:
${others.map((other) => sharing(domain, other, domain === 'x' && other === 'y' ? toldToY : '')).join('')}${domain === 'x' ? LIMITED : ''}`
}

const sharing = (domain: RegionDomain, other: RegionDomain, told: string): string => `    ${other}:
      asn: ${asnOf(other)}
      peers: [${wanOf(other, domain)}]
      localAddress: ${wanOf(domain, other)}
      holdTime: 3
      connectRetry: 1
      share: { web: {${told === '' ? '' : ` limits: { out: { ${told} } } `}}${[domain, other].includes('z') ? '' : ', calm: {}'} }
`

/** What x expects of w. */
export const WEB_LIMIT = { routes: 50, changesPerSecond: 100, burst: 100 } as const
const LIMITED = `    ${SCRIPTED.name}:
      asn: ${SCRIPTED.asn}
      peers: [${SCRIPTED.address}]
      passive: true
      holdTime: 9
      share:
        web: { limits: { routes: ${WEB_LIMIT.routes}, changesPerSecond: ${WEB_LIMIT.changesPerSecond}, burst: ${WEB_LIMIT.burst} } }
        calm: {}
`

function bgpdConfiguration({ name, domain, vtep }: RegionNve): string {
  const nva = nvaAddressOf(domain)
  return `hostname ${name}
router bgp ${asnOf(domain)}
 bgp router-id ${vtep}
 no bgp default ipv4-unicast
 coalesce-time 100
 timers bgp 3 9
 neighbor ${nva} remote-as ${asnOf(domain)}
 neighbor ${nva} timers connect 1
 neighbor ${nva} advertisement-interval 0
 address-family l2vpn evpn
  neighbor ${nva} activate
  advertise-all-vni
 exit-address-family
`
}
