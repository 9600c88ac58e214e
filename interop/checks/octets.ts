import { startExaBgp } from '../lab/exabgp.ts'
import { type Injector, startGoBgp } from '../lab/gobgp.ts'
import type { Lab } from '../lab/lab.ts'
import { BGP_PORT, DOMAINS, PROBES } from '../lab/plan.ts'
import { establishedPeer, type ScriptedPeer, scriptedPeer } from '../lab/scripted-peer.ts'
import { expect, Unmet, until, untilTrue } from '../lab/until.ts'
import type { SeenRoute } from '../peer/octets.ts'
import type { Check } from './check.ts'
import { undisturbed } from './undisturbed.ts'

const ORIGINATOR_ID = 9
const CLUSTER_LIST = 10
const hexOf = (address: string): string => Buffer.from(address.split('.').map(Number)).toString('hex')

/** What differs between a route as it was sent and as it arrived by reflection, beside the two attributes that reflection adds (RFC 4456 §8). */
export function differences(sent: SeenRoute, arrived: SeenRoute, originator: string, cluster: string): string[] {
  const found: string[] = []
  if (sent.nextHop !== arrived.nextHop) found.push(`next hop ${sent.nextHop} became ${arrived.nextHop}`)
  for (const code of new Set([...sent.attributes.keys(), ...arrived.attributes.keys()])) {
    if (code === ORIGINATOR_ID || code === CLUSTER_LIST) continue
    const before = sent.attributes.get(code)
    const after = arrived.attributes.get(code)
    if (before !== after) found.push(`attribute ${code}: ${before ?? 'none'} became ${after ?? 'none'}`)
  }
  const added = [
    [ORIGINATOR_ID, `80 ${hexOf(originator)}`],
    [CLUSTER_LIST, `80 ${hexOf(cluster)}`],
  ] as const
  for (const [code, expected] of added) {
    if (arrived.attributes.get(code) !== expected)
      found.push(`attribute ${code} is ${arrived.attributes.get(code) ?? 'missing'}, expected ${expected}`)
  }
  return found
}

/** Waits until the receiver has the same NLRI octets of one originator, then compares what came with them. */
async function sameOctets(sent: () => Iterable<SeenRoute>, receiver: ScriptedPeer, originator: string): Promise<void> {
  await until(`everything of ${originator} at the receiver, octet for octet`, 30, () => {
    const table = receiver.table()
    const missing = [...sent()].filter((route) => !table.has(route.nlri)).map((route) => `sent ${route.nlri}`)
    if (missing.length === 0) return true
    throw new Unmet('not arrived:', [...missing, 'arrived:', ...table.keys()].join('\n'))
  })
  const table = receiver.table()
  for (const route of sent()) {
    const found = differences(route, table.get(route.nlri)!, originator, DOMAINS.a.nvaV4)
    expect(found.length === 0, `a type ${route.type} route arrived changed`, `${route.nlri}\n${found.join('\n')}`)
  }
}

const listener = () => scriptedPeer(PROBES.direct, { listen: true, port: BGP_PORT })

/** Routes that the scripted peer `direct` has from the injector; waits for all types and `count` routes. */
async function untilInjected(direct: ScriptedPeer, count: number, injector: Injector): Promise<SeenRoute[]> {
  return until(`${count} routes of types 1 to 5 straight from the injector`, 30, () => {
    const routes = [...direct.table().values()]
    const types = new Set(routes.map((route) => route.type))
    if (routes.length >= count && [1, 2, 3, 4, 5].every((type) => types.has(type))) return routes
    throw new Unmet(`${routes.length} routes`, `${routes.map((route) => route.nlri).join('\n')}\n${injector.output().slice(-1500)}`)
  })
}

const RD = ['rd', `${PROBES.gobgp}:7`] as const
const CLOTHES = ['rt', '65001:9901', 'encap', 'vxlan'] as const
const GOBGP_ROUTES: readonly (readonly string[])[] = [
  ['a-d', 'esi', 'mac', '02:aa:aa:aa:aa:01', '1', 'etag', '0', 'label', '9901', ...RD, ...CLOTHES],
  ['a-d', 'esi', 'mac', '02:aa:aa:aa:aa:01', '1', 'etag', '4294967295', 'label', '0', ...RD, ...CLOTHES, 'esi-label', '9901'],
  ['macadv', '02:00:00:0b:0a:01', '192.168.98.1', 'etag', '0', 'label', '9901', ...RD, ...CLOTHES],
  ['macadv', '02:00:00:0b:0a:01', '2001:db8:98::1', 'etag', '0', 'label', '9901', ...RD, ...CLOTHES],
  ['macadv', '02:00:00:0b:0a:02', '0.0.0.0', 'esi', 'mac', '02:aa:aa:aa:aa:01', '1', 'etag', '7', 'label', '9901', ...RD, ...CLOTHES],
  ['multicast', PROBES.gobgp, 'etag', '0', ...RD, ...CLOTHES, 'pmsi', 'ingress-repl', '9901', PROBES.gobgp],
  ['esi', PROBES.gobgp, 'esi', 'mac', '02:aa:aa:aa:aa:01', '1', ...RD, ...CLOTHES],
  ['prefix', '203.0.113.0/24', 'gw', '192.168.98.1', 'etag', '0', 'label', '9901', ...RD, ...CLOTHES, 'router-mac', '02:aa:aa:aa:aa:0f'],
  ['prefix', '2001:db8:98::/48', 'etag', '0', 'label', '9901', ...RD, ...CLOTHES, 'router-mac', '02:aa:aa:aa:aa:0f'],
]

const EXABGP_ROUTES = 9

async function injected(lab: Lab, address: string, count: number, begin: () => Promise<Injector>): Promise<void> {
  await undisturbed(lab, async () => {
    const direct = listener()
    const receiver = await establishedPeer(PROBES.receiver)
    let injector: Injector | undefined
    try {
      injector = await begin()
      const routes = await untilInjected(direct, count, injector)
      await sameOctets(() => routes, receiver, address)
      await injector.stop()
      await untilTrue('the routes go when the injector goes', 20, () => {
        const table = receiver.table()
        return routes.every((route) => !table.has(route.nlri))
      })
    } finally {
      await injector?.stop()
      await Promise.all([direct.stop(), receiver.stop()])
    }
  })
}

export const octets: readonly Check[] = [
  {
    name: 'octets: types 1 to 5 of GoBGP arrive at another peer octet for octet',
    only: 'fednva',
    run: (lab) =>
      injected(lab, PROBES.gobgp, GOBGP_ROUTES.length, async () => {
        const gobgp = await startGoBgp(lab.workplace)
        for (const words of GOBGP_ROUTES) await gobgp.add(...words)
        return gobgp
      }),
  },
  {
    name: 'octets: types 1 to 5 of ExaBGP arrive at another peer octet for octet',
    only: 'fednva',
    run: (lab) => injected(lab, PROBES.exabgp, EXABGP_ROUTES, async () => startExaBgp(lab.workplace)),
  },
]
