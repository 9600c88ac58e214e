/** Shared VNs that may mix with another one: by a route target that another domain attaches to the routes of both, or by an interconnect VNI that is that of another VN here. */
import { autoRouteTarget, formatRouteTarget, parseRouteTarget } from '../../address/route-target.ts'
import type { FieldPath } from '../file/problem.ts'
import type { Checks } from './checks.ts'

/** A warning for each. */
export function warnOfMixedShares(checks: Checks): void {
  for (const name of checks.view.keys(['federation', 'domains'])) {
    const domain: FieldPath = ['federation', 'domains', name]
    warnOfTargets(checks, domain)
    for (const vn of checks.view.keys([...domain, 'share'])) warnOfVni(checks, vn, [...domain, 'share', vn])
  }
}

/** A bridged VN and a routed one may well have a target in common: their routes are told apart. */
function warnOfTargets(checks: Checks, domain: FieldPath): void {
  const { view } = checks
  const first = new Map<string, { vn: string; path: FieldPath }>()
  const told = new Set<string>()
  for (const vn of view.keys([...domain, 'share'])) {
    for (const { text, path } of targetsOf(checks, domain, vn)) {
      const key = `${view.text(['vns', vn, 'service']) ?? 'l2'} ${text}`
      const other = first.get(key)
      if (other === undefined) first.set(key, { vn, path })
      else if (other.vn !== vn && !told.has(`${other.vn} ${vn}`)) {
        told.add(`${other.vn} ${vn}`)
        checks.warn(
          path,
          `routes that come with ${text} belong to ${other.vn} too (${checks.place(other.path)}), and to ${vn} what is of ${other.vn}`,
        )
      }
    }
  }
}

function targetsOf(checks: Checks, domain: FieldPath, vn: string): { text: string; path: FieldPath }[] {
  const { view } = checks
  const share: FieldPath = [...domain, 'share', vn]
  if (view.has([...share, 'routeTargets'])) {
    return checks.items([...share, 'routeTargets']).flatMap((path) => {
      const target = parseRouteTarget(view.text(path) ?? '')
      return target.ok ? [{ text: formatRouteTarget(target.value), path }] : []
    })
  }
  const [asn, vni] = [view.number([...domain, 'asn']), view.number([...share, 'vni']) ?? view.number(['vns', vn, 'vni'])]
  return asn === undefined || vni === undefined ? [] : [{ text: formatRouteTarget(autoRouteTarget(asn, vni)), path: share }]
}

function warnOfVni(checks: Checks, vn: string, share: FieldPath): void {
  const { view } = checks
  const vni = view.number([...share, 'vni'])
  if (vni === undefined || !view.has([...share, 'via'])) return
  for (const other of view.keys(['vns'])) {
    if (other === vn || view.number(['vns', other, 'vni']) !== vni) continue
    const where = checks.place(['vns', other, 'vni'])
    checks.warn(
      [...share, 'vni'],
      `${vni} is also the VNI of ${other} here (${where}): in a gateway that has both, frames of ${vn} and ${other} meet`,
    )
  }
}
