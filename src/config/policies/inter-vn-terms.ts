/**
 * `interVn`: which prefixes and hosts of one VN the local NVEs also import into another one. A rule is a term of a policy that stands before all others on the way
 * out to NVEs: it adds the import targets of the other VN to the routes that it names. Nothing of it reaches other NVAs or other domains.
 */
import { formatRouteTarget } from '../../address/route-target.ts'
import type { VnSettings } from '../../domain/settings.ts'
import type { Term } from '../../policy/modules/term-schema.ts'
import type { InterVnFile } from '../schema/inter-vn-schema.ts'

type Vn = Pick<VnSettings, 'name' | 'importTargets' | 'exportTargets'>

/** Not a name that a policy of the operator could have. */
export const INTER_VN = 'inter-VN rules'

/** The terms of the rules; none: there are no rules. */
export function interVnTerms(rules: readonly InterVnFile[], vns: readonly Vn[]): Term[] {
  return rules.flatMap(({ from, to, prefixes }): Term[] => {
    const source = vns.find(({ name }) => name === from)
    const sink = vns.find(({ name }) => name === to)
    if (source === undefined || sink === undefined) return []
    return [
      {
        name: `${from} to ${to}`,
        match: { routeTarget: targetsOf(source, vns), prefix: prefixes.map((one) => `${one} ge ${one.slice(one.indexOf('/') + 1)}`) },
        set: { routeTargets: { add: sink.importTargets.map((target) => formatRouteTarget(target)) } },
        // biome-ignore lint/suspicious/noThenProperty: the word of the policy language.
        then: 'next',
      },
    ]
  })
}

/** What marks the routes of a VN: its export targets, and of its import targets those that are no other VN's, which federated routes of it have. */
function targetsOf(vn: Vn, vns: readonly Vn[]): string[] {
  const text = (targets: readonly Uint8Array[]) => targets.map((target) => formatRouteTarget(target))
  const others = new Set(vns.filter((one) => one !== vn).flatMap((one) => text([...one.importTargets, ...one.exportTargets])))
  return [...new Set([...text(vn.exportTargets), ...text(vn.importTargets).filter((target) => !others.has(target))])]
}
