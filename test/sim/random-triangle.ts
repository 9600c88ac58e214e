/**
 * Three domains: all know each other, or one stands between two; all directly, with gateways at both ends of each side, or in mixed modes, gateways at either end of each side, at both or at none;
 * their addresses above those of all edges, or below and above; transit everywhere, somewhere or nowhere; one or two NVAs in each; DOMAIN-IDs in any order; sticky MACs of others heeded or not.
 * MACs are claimed in two and three of them at one moment (`contested.ts`). Where `docs/macs-between-domains.md` says that one claimant always keeps it, one has to.
 */
import { contest, type Lost } from './contested.ts'
import { type DomainPlan, FIRST_ASN, ManyDomains } from './many-domains.ts'
import { Region } from './region.ts'

const DOMAINS = [0, 1, 2] as const
const SIDES = [
  [0, 1],
  [1, 2],
  [0, 2],
] as const
/** First octet of addresses above those of all edges. */
const ABOVE = 11

/** Runs one, and throws when something is wrong, with the seed. Returns how often all claimants of a MAC gave way. */
export function runRandomTriangle(seed: number): number {
  const chance = new Region(seed * 31337)
  const below = (limit: number) => Math.floor(chance.random() * limit)
  const open = below(4)
  const sides = SIDES.filter((_, side) => side + 1 !== open)
  const modes = (['mixed', 'mixed', 'direct', 'gateways'] as const)[below(4)]!
  const transit = below(3)
  const pairs = below(2) === 0
  const above = below(2) === 0
  const heed = below(3)
  const order = DOMAINS.map((number) => ({ number, by: chance.random() })).sort((a, b) => a.by - b.by)
  const domains = DOMAINS.map((domain): DomainPlan => {
    const neighbours = sides.flatMap(([a, b]) => (a === domain ? [b] : b === domain ? [a] : []))
    const passes = transit === 0 || (transit === 1 && below(2) === 0)
    const crosses = () => modes === 'gateways' || (modes === 'mixed' && below(2) === 0)
    return {
      nvas: pairs && below(2) === 0 ? 2 : 1,
      edges: 1 + below(2),
      shares: new Map(neighbours.map((other) => [other, [0]])),
      via: new Map(neighbours.map((other) => [other, crosses() ? [0] : []])),
      transit: neighbours.length === 2 && passes ? [[neighbours[0]!, neighbours[1]!]] : [],
      gatewaysIn: above ? [ABOVE, ABOVE] : [9 + below(3), 9 + below(3)],
      freezesNothing: true,
      asn: FIRST_ASN + order.findIndex(({ number }) => number === domain),
      heedsSticky: heed === 0 || (heed === 1 && below(2) === 0),
    }
  })
  const world = new ManyDomains(seed, { domains, vns: 1 }).startAll()
  try {
    world.until(() => world.allUp)
    world.region.run(2_000)
    const lost = contest(world, chance)
    const oneMode = modes === 'direct' || (modes === 'gateways' && above)
    // A tree that passes on, or all with all and nobody passing on: see docs/gateway-loops.md.
    const asAdvised = open > 0 || transit === 2
    const alone = domains.every(({ nvas }) => nvas === 1)
    const keeps = ({ claims, disturbed }: Lost) => oneMode || (claims <= 2 && asAdvised && (above || (alone && !disturbed)))
    if (lost.some(keeps)) throw new Error(`all claimants gave way: ${JSON.stringify(lost.filter(keeps))}; ${modes}\n${world.picture()}`)
    return lost.length
  } catch (error) {
    throw new Error(`triangle ${seed}: ${error instanceof Error ? error.message : error}`, { cause: error })
  }
}
