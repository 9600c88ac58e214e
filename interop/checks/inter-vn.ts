import { must } from '../lab/command.ts'
import { evpnTable, hasRouteTarget, printTable } from '../lab/evpn-table.ts'
import type { Lab } from '../lab/lab.ts'
import { inside } from '../lab/namespaces.ts'
import { DOMAINS } from '../lab/plan.ts'
import { buildRouted, ROUTED } from '../lab/routed.ts'
import { pings } from '../lab/tenants.ts'
import { expect, Unmet, until, untilTrue } from '../lab/until.ts'
import type { Check } from './check.ts'

const [EAST, WEST] = ROUTED
const ALLOWED = `${EAST.subnets[0]}.0/24`
const DENIED = `${EAST.subnets[1]}.0`

let built: Promise<void> | undefined
/** Made once, when the first check asks for it: the other checks do without. */
const routed = (lab: Lab): Promise<void> => {
  built ??= buildRouted((nve) => lab.nve(nve))
  return built
}

/** The kernel's routes of an NVE. */
const kernelRoutes = (nve: string): Promise<string> => must(inside(nve, 'ip', 'route', 'show'))

export const interVn: readonly Check[] = [
  {
    name: 'inter-VN: the prefix that a rule names has the import target of the other VN, the one beside it has not',
    only: 'fednva',
    async run(lab) {
      await routed(lab)
      const target = `${DOMAINS.a.asn}:${WEST.vni}`
      await until('a2 has both prefixes of east', 20, async () => {
        const table = await evpnTable(lab.nve('a2'))
        const of = (prefix: string) =>
          table.find((path) => path.best && path.type === 5 && path.prefix.includes(`[${prefix.replace('/24', '')}]`))
        const [allowed, denied] = [of(ALLOWED), of(DENIED)]
        if (allowed === undefined || denied === undefined) throw new Unmet('the table of a2:', printTable(table))
        expect(hasRouteTarget(allowed, target), 'the allowed prefix has not the import target of west', printTable([allowed]))
        expect(!hasRouteTarget(denied, target), 'the prefix that no rule names has the import target of west', printTable([denied]))
        return true
      })
    },
  },
  {
    name: 'inter-VN: FRR imports the allowed prefix and pings pass both ways; the one that no rule names is not imported',
    only: 'fednva',
    async run(lab) {
      await routed(lab)
      await until('a2 has the allowed prefix in its kernel', 20, async () => {
        const routes = await kernelRoutes('a2')
        if (!routes.includes(ALLOWED)) throw new Unmet('routes of a2:', routes)
        return true
      })
      await untilTrue('wr1 pings er1', 20, () => pings(WEST.tenant, `${EAST.subnets[0]}.11`))
      await untilTrue('er1 pings wr1', 20, () => pings(EAST.tenant, `${WEST.subnets[0]}.11`))
      const routes = await kernelRoutes('a2')
      expect(!routes.includes(DENIED), 'a2 has the prefix that no rule names', routes)
      expect(!(await pings(WEST.tenant, `${EAST.subnets[1]}.1`)), 'wr1 reaches what no rule names')
    },
  },
]
