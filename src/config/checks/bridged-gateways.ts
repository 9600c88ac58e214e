/**
 * Bridged VNs that cross to two domains through one gateway of ours. A plain bridge passes frames from every VXLAN device of it to every other one and never back to the
 * device they came from, whatever `transit` lets routes do: see docs/gateway-loops.md.
 */
import type { FieldPath } from '../file/problem.ts'
import { parseHost } from '../schema/endpoint.ts'
import type { Checks } from './checks.ts'

interface Way {
  readonly domain: string
  readonly vni: number
  /** Addresses towards the local NVEs, canonical: what tells one box from another. */
  readonly gateways: readonly string[]
  readonly path: FieldPath
}

export function warnOfBridgedGateways(checks: Checks): void {
  for (const vn of checks.view.keys(['vns'])) {
    if (checks.view.text(['vns', vn, 'service']) === 'l3') continue
    const ways = checks.view.keys(['federation', 'domains']).flatMap((domain) => waysOf(checks, vn, domain))
    for (const [i, second] of ways.entries()) for (const first of ways.slice(0, i)) warnOfTwo(checks, vn, first, second)
  }
}

function warnOfTwo(checks: Checks, vn: string, first: Way, second: Way): void {
  const gateway = first.gateways.find((address) => second.gateways.includes(address))
  if (gateway === undefined) return
  const both = `${vn} crosses to ${first.domain} (line ${checks.lineOf(first.path)}) and to ${second.domain} through the one gateway ${gateway}`
  const passes = passesBetween(checks, first.domain, second.domain)
  if (!passes && first.vni !== second.vni) {
    const apart = `one VNI for both, or isolated bridge ports, keep them apart (docs/gateway-loops.md)`
    const what = `if that is a plain bridge, frames pass between the two, which transit does not name, and go round for ever where they are joined as well`
    checks.warn(second.path, `${both}, with a VNI for each: ${what}; ${apart}`)
  }
  if (passes && first.vni === second.vni) {
    const what = `transit lets routes pass between the two, but a plain bridge sends no frame back to the VXLAN device that it came from`
    checks.warn(second.path, `${both}, with VNI ${first.vni} for both: ${what}; it needs a VNI for each (docs/gateway-loops.md)`)
  }
}

/** Nothing where the VN does not cross through gateways, or where all are active at once: those learn by EVPN. */
function waysOf(checks: Checks, vn: string, domain: string): Way[] {
  const { view } = checks
  const share: FieldPath = ['federation', 'domains', domain, 'share', vn]
  const via: FieldPath = [...share, 'via']
  const vni = view.number([...share, 'vni']) ?? view.number(['vns', vn, 'vni'])
  if (!view.has(via) || view.has([...via, 'esi']) || vni === undefined) return []
  const gateways = [via, ...checks.items([...via, 'gateways'])].flatMap((path) => {
    const typed = view.text([...path, 'inside']) ?? view.text([...path, path === via ? 'gateway' : 'address'])
    const host = parseHost(typed ?? '')
    return host.ok ? [host.value] : []
  })
  return [{ domain, vni, gateways, path: view.has([...share, 'vni']) ? [...share, 'vni'] : via }]
}

function passesBetween(checks: Checks, a: string, b: string): boolean {
  return checks.items(['federation', 'transit']).some((pair) => {
    const named = [checks.view.text([...pair, 0]), checks.view.text([...pair, 1])]
    return named.includes(a) && named.includes(b)
  })
}
