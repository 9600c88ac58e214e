/** Three domains in a chain and in a triangle: who reaches whom, by which way, each route once; and what becomes of it when two of them are parted. */
import { run } from '../lab/command.ts'
import { type EvpnPath, evpnTable, printTable } from '../lab/evpn-table.ts'
import type { Lab } from '../lab/lab.ts'
import { inside } from '../lab/namespaces.ts'
import type { TenantPlan } from '../lab/plan.ts'
import {
  asnOf,
  CHAIN,
  type Joined,
  type Pair,
  REGION_DOMAINS,
  REGION_NVES,
  REGION_TENANTS,
  type Region,
  type RegionDomain,
  regionOf,
  TRIANGLE,
} from '../lab/region.ts'
import { announce, type ContinuousPing, pingContinuously } from '../lab/tenants.ts'
import { expect, Unmet, until } from '../lab/until.ts'
import type { Check } from './check.ts'

const tenantsOf = (domain: RegionDomain): readonly [TenantPlan, TenantPlan] => {
  const [one, other] = REGION_TENANTS.filter(({ name }) => name.startsWith(`t${domain}`))
  expect(one !== undefined && other !== undefined, `two tenants of ${domain}`)
  return [one, other]
}

/** The domains through which routes of `from` reach `to`, the nearest first: the shortest way there is; null: none. */
function wayTo(from: RegionDomain, to: RegionDomain, { pairs, transit }: Joined): RegionDomain[] | null {
  const joined = (one: RegionDomain, other: RegionDomain) => pairs.some((pair) => pair.includes(one) && pair.includes(other))
  if (joined(from, to)) return [from]
  const between = REGION_DOMAINS.find((domain) => domain !== from && domain !== to && transit.includes(domain))
  return between !== undefined && joined(from, between) && joined(between, to) ? [between, from] : null
}

/** Every NVE has of every tenant of another domain what it must have, once and by the right way, and of its own domain nothing that came round. */
export async function hasSettled(lab: Region, how: Joined): Promise<void> {
  for (const nve of REGION_NVES) {
    const ways = new Map(REGION_DOMAINS.filter((domain) => domain !== nve.domain).map((from) => [from, wayTo(from, nve.domain, how)]))
    await until(`${nve.name} has each route of the others once, by the right way`, 20, async () => {
      const table = await evpnTable(lab.frr(nve.name))
      const wrong = REGION_NVES.flatMap((other) =>
        wrongOf(other.vtep, table, other.domain === nve.domain ? [] : (ways.get(other.domain) ?? null)),
      )
      if (wrong.length === 0) return true
      for (const tenant of REGION_TENANTS) await announce(tenant)
      throw new Unmet(wrong.join('\n'), printTable(table))
    })
  }
}

/** What is wrong with the routes to one VTEP: to the MAC of its tenant, with the address and without, and to be flooded. `way` null: there must be none. */
function wrongOf(vtep: string, table: readonly EvpnPath[], way: readonly RegionDomain[] | null): string[] {
  const paths = table.filter((path) => path.nextHop === vtep)
  if (way === null) return paths.length === 0 ? [] : [`${paths.length} routes to ${vtep}, which it cannot know`]
  const asPath = way.length === 0 ? 'Local' : way.map((domain) => String(asnOf(domain))).join(' ')
  const mac = REGION_TENANTS.find(({ nve }) => REGION_NVES.find((one) => one.name === nve)?.vtep === vtep)?.mac
  const web = paths.filter((path) => path.communities.includes(':100'))
  const kinds = [
    ['flooding', web.filter(({ type }) => type === 3)],
    ['MAC', web.filter((path) => path.mac === mac && path.ip === null)],
    ['MAC and address', web.filter((path) => path.mac === mac && path.ip !== null)],
  ] as const
  return [
    ...kinds.flatMap(([what, found]) => (found.length === 1 ? [] : [`${found.length} paths for ${what} of ${vtep}`])),
    ...paths.flatMap((path) => (path.asPath === asPath ? [] : [`a route to ${vtep} came by "${path.asPath}", not "${asPath}"`])),
  ]
}

/** A ping that is answered, and once. */
async function pingsOnce(from: TenantPlan, to: TenantPlan): Promise<void> {
  await until(`${from.name} pings ${to.name}`, 20, async () => {
    const { code, stdout } = await run(inside(from.name, 'ping', '-n', '-c', '2', '-i', '0.2', '-W', '1', to.address))
    expect(!stdout.includes('DUP'), `${to.name} answers ${from.name} more than once`, stdout)
    return code === 0 ? true : undefined
  })
}

async function allPing(how: Joined): Promise<void> {
  for (const from of REGION_DOMAINS)
    for (const to of REGION_DOMAINS) {
      if (from !== to && wayTo(to, from, how) !== null) await pingsOnce(tenantsOf(from)[0], tenantsOf(to)[1])
    }
}

/** Parts and heals every pair that is joined, one after the other, with pings inside all domains all the while. */
async function partEach(lab: Region, how: Joined): Promise<void> {
  const inner: [RegionDomain, ContinuousPing][] = REGION_DOMAINS.map((domain) => {
    const [one, other] = tenantsOf(domain)
    return [domain, pingContinuously(one.name, other.address)]
  })
  try {
    for (const pair of how.pairs) {
      const without: Joined = { ...how, pairs: how.pairs.filter((one: Pair) => one !== pair) }
      await lab.part(pair)
      try {
        await hasSettled(lab, without)
        await allPing(without)
      } finally {
        await lab.heal(pair)
      }
      await hasSettled(lab, how)
    }
  } finally {
    for (const [domain, ping] of inner) {
      const { answered, lost } = await ping.finish()
      expect(answered > 20, `too few pings inside ${domain} to say anything`, `${answered}`)
      expect(lost.length === 0, `the ping inside ${domain} lost ${lost.length} of ${answered + lost.length}`, lost.slice(0, 20).join(' '))
    }
  }
}

export const regionChecks: readonly Check[] = [
  {
    name: 'region: a chain of three domains: the ends reach each other through the middle, each route once',
    only: 'fednva',
    async run(lab: Lab) {
      const three = await regionOf(lab)
      await hasSettled(three, CHAIN)
      for (const domain of REGION_DOMAINS) await pingsOnce(...tenantsOf(domain))
      await allPing(CHAIN)
    },
  },
  {
    name: 'region: a chain whose pairs are parted and healed in turn; no ping inside a domain is lost',
    only: 'fednva',
    async run(lab: Lab) {
      await partEach(await regionOf(lab), CHAIN)
    },
  },
  {
    name: 'region: a triangle by reload: all reach each other straight, each route once, and nothing comes round',
    only: 'fednva',
    async run(lab: Lab) {
      const three = await regionOf(lab)
      await three.join(TRIANGLE)
      await hasSettled(three, TRIANGLE)
      await allPing(TRIANGLE)
    },
  },
  {
    name: 'region: a triangle whose pairs are parted and healed in turn: round by the third and back; no ping inside a domain is lost',
    only: 'fednva',
    async run(lab: Lab) {
      const three = await regionOf(lab)
      await three.join(TRIANGLE)
      await partEach(three, TRIANGLE)
    },
  },
]
