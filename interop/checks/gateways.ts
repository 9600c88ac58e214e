import { evpnTable, printTable } from '../lab/evpn-table.ts'
import { GATED_TENANTS, GATES, sayGate, shownGateways, tellGates } from '../lab/gated.ts'
import type { Lab } from '../lab/lab.ts'
import { script } from '../lab/namespaces.ts'
import { shownRoutes } from '../lab/nva-fednva.ts'
import { DOMAINS, NVES } from '../lab/plan.ts'
import { announce, pings } from '../lab/tenants.ts'
import { expect, throughout, Unmet, until, untilTrue } from '../lab/until.ts'
import type { Check } from './check.ts'

const tenantOf = (name: string) => {
  const found = GATED_TENANTS.find((tenant) => tenant.name === name)
  expect(found !== undefined, `no tenant ${name}`)
  return found
}

/** A ping through gateways whose flood lists follow the API. */
const untilCrosses = (lab: Lab, from: string, to: string, seconds = 30): Promise<void> =>
  untilTrue(`${from} pings ${to}`, seconds, async () => {
    await tellGates(lab.workplace)
    return pings(from, tenantOf(to).address)
  })

/** The VTEP behind which an NVE's FRR has a MAC. */
async function behind(lab: Lab, nve: string, mac: string): Promise<string | null> {
  const table = await evpnTable(lab.nve(nve))
  const found = table.find((path) => path.best && path.mac === mac && path.ip === null)
  if (found === undefined) throw new Unmet(`the table of ${nve}:`, printTable(table))
  return found.nextHop
}

async function untilBehind(lab: Lab, nve: string, tenant: string, vtep: string): Promise<void> {
  await until(`${nve} has ${tenant} behind ${vtep}`, 20, async () => {
    await announce(tenantOf(tenant))
    const found = await behind(lab, nve, tenantOf(tenant).mac)
    if (found !== vtep) throw new Unmet(`${nve} has it behind ${found}`)
    return true
  })
}

const [FIRST, SECOND, OTHER] = GATES as [(typeof GATES)[0], (typeof GATES)[0], (typeof GATES)[0]]

export const gateways: readonly Check[] = [
  {
    name: 'gateways: at both ends, three VNIs: each side has the other behind its own gateway',
    only: 'fednva',
    async run(lab) {
      await untilBehind(lab, 'b1', 'ga1', OTHER.address)
      await untilBehind(lab, 'b2', 'ga2', OTHER.address)
      await untilBehind(lab, 'a1', 'gb1', FIRST.address)
      await untilBehind(lab, 'a2', 'ga1', NVES[0]!.vtep)
    },
  },
  {
    name: 'gateways: at both ends, ping through two Linux bridges whose flood lists come from the API',
    only: 'fednva',
    async run(lab) {
      await untilCrosses(lab, 'ga1', 'gb1')
      await untilCrosses(lab, 'gb1', 'ga2')
      await untilCrosses(lab, 'ga1', 'ga2')
    },
  },
  {
    name: 'gateways: at one end, ping between a domain behind a gateway and NVEs that tunnel to it',
    only: 'fednva',
    async run(lab) {
      await untilBehind(lab, 'b1', 'ha1', FIRST.address)
      await untilBehind(lab, 'a1', 'hb1', FIRST.address)
      await untilCrosses(lab, 'ha1', 'hb1')
      await untilCrosses(lab, 'hb1', 'ha2')
    },
  },
  {
    name: 'gateways: nothing of the inside is in any route that the other NVA has of these VNs',
    only: 'fednva',
    async run(lab) {
      for (const [domain, other, vns] of [
        ['b', 'a', ['gated', 'half']],
        ['a', 'b', ['gated']],
      ] as const) {
        const rows = await shownRoutes(DOMAINS[domain], lab.workplace)
        const came = rows.filter((row) => row.peer?.startsWith(`${other}/`) && row.vns.some((vn) => vns.some((one) => one === vn)))
        expect(came.length >= 3, `only ${came.length} routes of ${other}`, JSON.stringify(rows))
        const inside = NVES.filter((nve) => nve.domain === other).flatMap(({ vtep, v6 }) => [vtep, v6])
        for (const row of came) {
          const text = JSON.stringify(row)
          for (const address of inside)
            expect(
              !text.includes(`"${address}"`) && !text.includes(`${address}:`) && !text.includes(`[${address}]`),
              `a route tells of ${address}`,
              text,
            )
          expect(row.rd?.startsWith(`${DOMAINS[other].nvaV4}:`) === true, 'the RD is not one of the NVA', text)
        }
      }
    },
  },
  {
    name: 'gateways: VNs with other VNIs stay apart: no ping from one into the other',
    only: 'fednva',
    async run() {
      await throughout('ga1 does not reach hb1', 2, async () => !(await pings('ga1', tenantOf('hb1').address)))
    },
  },
  {
    name: 'gateways: one that is down gives way to the next, and traffic follows',
    only: 'fednva',
    async run(lab) {
      await untilCrosses(lab, 'ga1', 'gb1')
      try {
        await script(FIRST.name, 'ip link set eth0 down')
        await sayGate(FIRST, 'down', lab.workplace)
        await untilBehind(lab, 'a1', 'gb1', SECOND.address)
        const active = (await shownGateways('a', lab.workplace)).filter((row) => row.active).map((row) => row.gateway)
        expect(
          active.every((address) => address === SECOND.address),
          'another gateway is active',
          active.join(' '),
        )
        await untilCrosses(lab, 'ga1', 'gb1')
        await untilCrosses(lab, 'gb1', 'ga1')
      } finally {
        await script(FIRST.name, `ip link set eth0 up\nip route replace 10.0.0.0/14 via ${DOMAINS.a.gateway}`)
        await sayGate(FIRST, 'auto', lab.workplace)
      }
      await untilBehind(lab, 'a1', 'gb1', FIRST.address)
      await untilCrosses(lab, 'ga1', 'gb1')
    },
  },
]
