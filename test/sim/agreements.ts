/** What agreements allow, by their plain definition: walks over domains, asking nothing of the code that is tested. */
import { crossesVia, gatewayOf, type Plan } from './many-domains.ts'

/** `[from][to]`: the VNs whose routes may get from one domain to another, by any path without a domain twice. */
export function reachable(plan: Plan): readonly (readonly ReadonlySet<number>[])[] {
  const all = plan.domains.map((_, from) => plan.domains.map((_, to) => new Set(from === to ? vnsOf(plan) : [])))
  for (const from of plan.domains.keys()) {
    for (const vn of vnsOf(plan)) for (const path of pathsOf(plan, vn, [from])) all[from]![path.at(-1)!]!.add(vn)
  }
  return all
}

/** Whether both sides share a VN. */
export function agreed(plan: Plan, a: number, b: number, vn: number): boolean {
  return shares(plan, a, b, vn) && shares(plan, b, a, vn)
}

/**
 * Behind whom a domain may know what is at a VTEP of another one, by any path that agreements allow: nearest to it the first gateway on the way back, its own one
 * before that of its neighbour; without gateways the VTEP itself. All gateways are up.
 */
export function vtepsOf(plan: Plan, vn: number, from: number, to: number, vtep: string): ReadonlySet<string> {
  if (from === to) return new Set([vtep])
  const paths = [...pathsOf(plan, vn, [from])].filter((path) => path.at(-1) === to)
  return new Set(paths.map((path) => vtepOn(plan, vn, path, vtep)))
}

function vtepOn(plan: Plan, vn: number, path: readonly number[], vtep: string): string {
  const here = path.at(-1)!
  const before = path.at(-2)
  if (before === undefined) return vtep
  if (crossesVia(plan, here, before, vn)) return gatewayOf(here, 0, plan.domains[here]!.gatewaysIn?.[1])
  return crossesVia(plan, before, here, vn)
    ? gatewayOf(before, 0, plan.domains[before]!.gatewaysIn?.[0])
    : vtepOn(plan, vn, path.slice(0, -1), vtep)
}

/** Every path of at least two domains that begins with these and that routes of a VN may take. */
function* pathsOf(plan: Plan, vn: number, path: readonly number[]): Iterable<readonly number[]> {
  const here = path.at(-1)!
  const before = path.at(-2)
  for (const next of plan.domains[here]!.shares.keys()) {
    if (path.includes(next) || !agreed(plan, here, next, vn)) continue
    if (before !== undefined && !mayPass(plan, here, before, next)) continue
    yield [...path, next]
    yield* pathsOf(plan, vn, [...path, next])
  }
}

export function mayPass(plan: Plan, through: number, a: number, b: number): boolean {
  return plan.domains[through]!.transit.some(([one, other]) => (one === a && other === b) || (one === b && other === a))
}

function shares(plan: Plan, a: number, b: number, vn: number): boolean {
  return plan.domains[a]!.shares.get(b)?.includes(vn) ?? false
}

function vnsOf({ vns }: Plan): number[] {
  return Array.from({ length: vns }, (_, vn) => vn)
}

/**
 * Where routes of a VN that begin in `from` stand in the end, in a plan of one NVA a domain with every link up: by domain the path by which they came (that
 * domain first), or null. The shorter path is better, at equal length that of the neighbour with the lower number, which has the lower identifier.
 */
export function settledPaths(plan: Plan, vn: number, from: number): readonly (readonly number[] | null)[] {
  let paths: (readonly number[] | null)[] = plan.domains.map((_, domain) => (domain === from ? [from] : null))
  for (let round = 0; round < 2 * plan.domains.length; round++) {
    paths = plan.domains.map((_, domain) => {
      if (domain === from) return [from]
      const offers = [...plan.domains[domain]!.shares.keys()].flatMap((neighbour) => {
        const path = paths[neighbour]
        if (path == null || path.includes(domain) || !agreed(plan, domain, neighbour, vn)) return []
        return neighbour === from || mayPass(plan, neighbour, path[1]!, domain) ? [[domain, ...path]] : []
      })
      return offers.sort((a, b) => a.length - b.length || a[1]! - b[1]!)[0] ?? null
    })
  }
  return paths
}
