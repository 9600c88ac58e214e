/**
 * Three domains of mixed modes: all know each other, or one stands between two; gateways at either end of each side, at both or at none, with addresses below and above
 * those of edges; transit everywhere, somewhere or nowhere. MACs are claimed in two and three of them at one moment (`contested.ts`). Of two
 * in a chain one always keeps it.
 */
import { contest } from './contested.ts'
import { type DomainPlan, ManyDomains } from './many-domains.ts'
import { Region } from './region.ts'

const DOMAINS = [0, 1, 2] as const
const SIDES = [
  [0, 1],
  [1, 2],
  [0, 2],
] as const

/** Runs one, and throws when something is wrong, with the seed. Returns how often all claimants of a MAC gave way. */
export function runRandomTriangle(seed: number): number {
  const chance = new Region(seed * 31337)
  const below = (limit: number) => Math.floor(chance.random() * limit)
  const open = below(4)
  const sides = SIDES.filter((_, side) => side + 1 !== open)
  const transit = below(3)
  const pairs = below(4) === 0
  const domains = DOMAINS.map((domain): DomainPlan => {
    const neighbours = sides.flatMap(([a, b]) => (a === domain ? [b] : b === domain ? [a] : []))
    const passes = transit === 0 || (transit === 1 && below(2) === 0)
    return {
      nvas: pairs && below(2) === 0 ? 2 : 1,
      edges: 1,
      shares: new Map(neighbours.map((other) => [other, [0]])),
      via: new Map(neighbours.map((other) => [other, below(2) === 0 ? [0] : []])),
      transit: neighbours.length === 2 && passes ? [[neighbours[0]!, neighbours[1]!]] : [],
      gatewaysIn: [9 + below(3), 9 + below(3)],
      freezesNothing: true,
    }
  })
  const world = new ManyDomains(seed, { domains, vns: 1 }).startAll()
  try {
    world.until(() => world.allUp)
    world.region.run(2_000)
    const lost = contest(world, chance)
    if (open > 0 && domains.every(({ nvas }) => nvas === 1) && lost.some((claims) => claims <= 2))
      throw new Error('two claimants gave way to each other, in a chain with one NVA in each domain')
    return lost.length
  } catch (error) {
    throw new Error(`triangle ${seed}: ${error instanceof Error ? error.message : error}`, { cause: error })
  }
}
