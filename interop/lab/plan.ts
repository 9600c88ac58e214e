/**
 * Who is where. Two domains behind one router (`core`), tenants behind the NVEs, a cable of their own between the two NVAs.
 *
 *    ta1 pa1      ta2 pa2                      tb1 pb1      tb2 pb2
 *      a1 ---+--- a2      nva-a ---wan--- nva-b     b1 ---+--- b2
 *            +--- br-a --- core --- br-b ---+
 *                  probes (scripted peers, GoBGP, ExaBGP)
 *
 * Domain A is 10.1.0.0/16 and fd00:1::/64, AS 65001; domain B 10.2.0.0/16, fd00:2::/64, AS 65002.
 */
export type DomainName = 'a' | 'b'

export interface DomainPlan {
  readonly name: DomainName
  readonly asn: number
  /** In D-PATHs. A's is the higher one, so that of two claims to a MAC not that of the lower addresses wins between gateways. */
  readonly domainId: string
  readonly nva: string
  readonly nvaV4: string
  readonly nvaV6: string
  /** Address of the NVA on the cable to the other one. */
  readonly wan: string
  readonly gateway: string
  /** Neighbours that dial from here are taken without being named one by one. */
  readonly probeRange: string
  readonly nveRange: string
}

export const DOMAINS: Readonly<Record<DomainName, DomainPlan>> = {
  a: {
    name: 'a',
    asn: 65001,
    domainId: '65001:2',
    nva: 'nva-a',
    nvaV4: '10.1.0.100',
    nvaV6: 'fd00:1::100',
    wan: '10.255.1.1',
    gateway: '10.1.0.254',
    probeRange: '10.1.0.32/27',
    nveRange: '10.1.0.8/29',
  },
  b: {
    name: 'b',
    asn: 65002,
    domainId: '65001:1',
    nva: 'nva-b',
    nvaV4: '10.2.0.100',
    nvaV6: 'fd00:2::100',
    wan: '10.255.1.2',
    gateway: '10.2.0.254',
    probeRange: '10.2.0.32/27',
    nveRange: '10.2.0.8/29',
  },
}

/** How the session between an NVE and its NVA comes up. */
export type SessionWay = 'nva-dials' | 'nve-dials' | 'ipv6' | 'listen-range'

export interface NvePlan {
  readonly name: string
  readonly domain: DomainName
  readonly vtep: string
  readonly v6: string
  readonly way: SessionWay
}

export const NVES: readonly NvePlan[] = [
  { name: 'a1', domain: 'a', vtep: '10.1.0.1', v6: 'fd00:1::1', way: 'nva-dials' },
  { name: 'a2', domain: 'a', vtep: '10.1.0.2', v6: 'fd00:1::2', way: 'nve-dials' },
  { name: 'b1', domain: 'b', vtep: '10.2.0.1', v6: 'fd00:2::1', way: 'ipv6' },
  { name: 'b2', domain: 'b', vtep: '10.2.0.10', v6: 'fd00:2::a', way: 'listen-range' },
]

/** The address that an NVE and its NVA use for their session, seen from either end. */
export const nvaAddressFor = (nve: NvePlan): string => (nve.way === 'ipv6' ? DOMAINS[nve.domain].nvaV6 : DOMAINS[nve.domain].nvaV4)
export const sessionAddressOf = (nve: NvePlan): string => (nve.way === 'ipv6' ? nve.v6 : nve.vtep)

export interface VnPlan {
  readonly name: 'shared' | 'private'
  readonly vni: number
  /** First three octets of the tenants' subnet. */
  readonly subnet: string
}

/** Same VNI, and so the same number in the derived route targets, in both domains; only `shared` is agreed between them. */
export const VNS: readonly VnPlan[] = [
  { name: 'shared', vni: 100, subnet: '192.168.100' },
  { name: 'private', vni: 200, subnet: '192.168.200' },
]

export interface TenantPlan {
  readonly name: string
  readonly nve: string
  readonly vni: number
  readonly address: string
  readonly mac: string
}

const HOSTS: readonly (readonly [nve: string, host: number])[] = [
  ['a1', 11],
  ['a2', 12],
  ['b1', 21],
  ['b2', 22],
]

const hex = (value: number): string => value.toString(16).padStart(2, '0')

/** ta1.. in the shared VN, pa1.. in the private one: one of each behind every NVE. */
export const TENANTS: readonly TenantPlan[] = VNS.flatMap((vn) =>
  HOSTS.map(([nve, host]) => ({
    name: (vn.name === 'shared' ? 't' : 'p') + nve,
    nve,
    vni: vn.vni,
    address: `${vn.subnet}.${host}`,
    mac: `02:00:00:00:${hex(vn.vni)}:${hex(host)}`,
  })),
)

/** The tenant that moves: the same MAC and address wherever it is. */
export const MOVER = { mac: '02:00:00:00:64:99', address: '192.168.100.99', vni: 100, places: ['a1', 'a2', 'b1'] } as const

/** Addresses in the namespace `probes` of domain A. */
export const PROBES = {
  gobgp: '10.1.0.33',
  exabgp: '10.1.0.34',
  /** Listens to what an injector says without an NVA in between. */
  direct: '10.1.0.40',
  receiver: '10.1.0.41',
  sender: '10.1.0.42',
  rude: '10.1.0.43',
  /** FRR as a reflector, to be held against the NVA. */
  reflector: '10.1.0.44',
} as const

export const BGP_PORT = 179
export const UNDERLAY_MTU = 1700
