/** VNs whose route targets let one have the routes of another, which may be meant (an extranet) and mostly is not: `interVn` names what may pass. */
import { autoRouteTarget, formatRouteTarget, parseRouteTarget } from '../../address/route-target.ts'
import type { FieldPath } from '../file/problem.ts'
import type { Checks } from './checks.ts'

interface Target {
  readonly vn: string
  /** Canonical text. */
  readonly text: string
  /** Where it stands; of one that is derived from the VNI: that. */
  readonly path: FieldPath
}

/** A warning for each two VNs, at what the one imports of the other. */
export function warnOfCommonTargets(checks: Checks): void {
  const vns = checks.view.keys(['vns'])
  const exported = new Map<string, Target[]>()
  for (const target of vns.flatMap((vn) => targetsOf(checks, vn, 'export'))) {
    const others = exported.get(target.text)
    if (others === undefined) exported.set(target.text, [target])
    else others.push(target)
  }
  const told = new Set<string>()
  for (const { vn, text, path } of vns.flatMap((vn) => targetsOf(checks, vn, 'import'))) {
    for (const other of exported.get(text) ?? []) {
      const pair = `${other.vn} ${vn}`
      if (other.vn === vn || told.has(pair)) continue
      told.add(pair)
      const cause = `its target ${text} of ${checks.place(other.path)} is imported here`
      checks.warn(path, `routes of ${other.vn} belong to ${vn} too: ${cause}; interVn names what may pass from VN to VN`)
    }
  }
}

function targetsOf(checks: Checks, vn: string, way: 'import' | 'export'): Target[] {
  const list: FieldPath = ['vns', vn, 'routeTargets', way]
  if (checks.view.has(list)) {
    return checks.items(list).flatMap((path) => {
      const target = parseRouteTarget(checks.view.text(path) ?? '')
      return target.ok ? [{ vn, text: formatRouteTarget(target.value), path }] : []
    })
  }
  const [asn, vni] = [checks.view.number(['nva', 'asn']), checks.view.number(['vns', vn, 'vni'])]
  if (asn === undefined || vni === undefined) return []
  return [{ vn, text: formatRouteTarget(autoRouteTarget(asn, vni)), path: ['vns', vn, 'vni'] }]
}
