import { type EvpnPath, evpnTable, printTable } from '../lab/evpn-table.ts'
import type { Lab } from '../lab/lab.ts'
import { DOMAINS, NVES, TENANTS } from '../lab/plan.ts'
import { announce } from '../lab/tenants.ts'
import { expect, Unmet, until } from '../lab/until.ts'
import type { Check } from './check.ts'

/** The best path that an NVE has for something; waits for it. */
async function untilPath(lab: Lab, nve: string, what: string, wanted: (path: EvpnPath) => boolean, seconds = 20): Promise<EvpnPath> {
  return until(`${nve} has ${what}`, seconds, async () => {
    const table = await evpnTable(lab.nve(nve))
    const found = table.find((path) => path.best && wanted(path))
    if (found === undefined) throw new Unmet(`the table of ${nve}:`, printTable(table))
    return found
  })
}

/** Makes a tenant speak until the NVE `at` has learned its MAC and address. */
export async function untilLearned(lab: Lab, tenant: (typeof TENANTS)[number], at: string): Promise<EvpnPath> {
  return until(`${at} has MAC and address of ${tenant.name}`, 20, async () => {
    const table = await evpnTable(lab.nve(at))
    const found = table.find((path) => path.best && path.mac === tenant.mac && path.ip === tenant.address)
    if (found !== undefined) return found
    await announce(tenant)
    throw new Unmet(`the table of ${at}:`, printTable(table))
  })
}

function reflected(path: EvpnPath, origin: (typeof NVES)[number]): void {
  const nva = DOMAINS[origin.domain].nvaV4
  const evidence = JSON.stringify(path)
  expect(path.originatorId === origin.vtep, `ORIGINATOR_ID is not the router id of ${origin.name}`, evidence)
  expect(path.clusterList.length === 1 && path.clusterList[0] === nva, 'CLUSTER_LIST is not the one cluster', evidence)
  expect(path.nextHop === origin.vtep, 'the next hop changed', evidence)
}

export const reflection: readonly Check[] = [
  {
    name: 'reflection: type 3 with ORIGINATOR_ID and CLUSTER_LIST',
    async run(lab) {
      for (const [from, to] of [
        ['a1', 'a2'],
        ['a2', 'a1'],
        ['b1', 'b2'],
        ['b2', 'b1'],
      ] as const) {
        const origin = NVES.find((nve) => nve.name === from)!
        reflected(await untilPath(lab, to, `type 3 of ${from}`, (path) => path.type === 3 && path.ip === origin.vtep), origin)
      }
    },
  },
  {
    name: 'reflection: type 2 with ORIGINATOR_ID and CLUSTER_LIST',
    async run(lab) {
      for (const [name, to] of [
        ['ta1', 'a2'],
        ['ta2', 'a1'],
        ['tb1', 'b2'],
        ['tb2', 'b1'],
      ] as const) {
        const tenant = TENANTS.find((candidate) => candidate.name === name)!
        const origin = NVES.find((nve) => nve.name === tenant.nve)!
        reflected(await untilLearned(lab, tenant, to), origin)
        reflected(await untilPath(lab, to, `MAC-only route of ${name}`, (path) => path.mac === tenant.mac && path.ip === null), origin)
      }
    },
  },
]
