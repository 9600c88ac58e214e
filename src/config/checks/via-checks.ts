/** What no single field of a `via` can tell. */

import type { FieldPath } from '../file/problem.ts'
import { parseHost } from '../schema/endpoint.ts'
import type { Checks } from './checks.ts'

/** `vn`: the local VN that crosses through it. */
export function checkVia(checks: Checks, vn: string, via: FieldPath): void {
  const { view } = checks
  const typed = view.keys(via)
  const one = typed.includes('gateway')
  const several = checks.items([...via, 'gateways'])
  if (!one && !typed.includes('gateways')) checks.object(via, 'a gateway: its VTEP address, or gateways for several', 'none', 'key')
  if (one && several.length > 0) checks.object([...via, 'gateways'], 'gateway for one or gateways for several, not both', 'both', 'key')
  const paths = [...(one ? [[...via, 'gateway']] : []), ...several.map((path) => [...path, 'address'])]
  const seen = new Map<string, FieldPath>()
  for (const path of paths) {
    const host = parseHost(view.text(path) ?? '')
    if (!host.ok) continue
    const first = seen.get(host.value)
    if (first === undefined) seen.set(host.value, path)
    else checks.object(path, `each gateway once: ${checks.place(first)} has it`)
    if (checks.ownAddresses().includes(host.value))
      checks.object(path, 'the VTEP of a gateway: this is an address of the NVA, which forwards nothing')
  }
  const routed = view.text(['vns', vn, 'service']) === 'l3'
  if (!routed) {
    if (view.count([...via, 'aggregates']) > 0)
      checks.object([...via, 'aggregates'], `none: ${vn} is bridged (service l2), and prefixes are routed`, 'a list')
    return
  }
  if (view.flag([...via, 'unknownMac']) === true)
    checks.object([...via, 'unknownMac'], `false or nothing: ${vn} is routed (service l3) and tells of no MACs`)
  if (view.has([...via, 'routerMac'])) return
  const bare = one ? [via] : several.filter((path) => !view.has([...path, 'routerMac']))
  for (const path of bare)
    checks.object(path, `a routerMac: ${vn} is routed (service l3), and frames are sent to that MAC (RFC 9135 8.1)`, 'none', 'key')
}
