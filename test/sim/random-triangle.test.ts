import { expect, test } from 'vitest'
import { type DomainPlan, ManyDomains } from './many-domains.ts'
import { runRandomTriangle } from './random-triangle.ts'

/** A few hundred in `npm test`; `npm run region -- 10000 1 triangles` runs as many as one likes. */
const PIECES = 8
const EACH = 25

test.each(Array.from({ length: PIECES }, (_, piece) => piece))(
  'in triangles and chains of any modes a MAC that several domains claim at one moment, whatever befalls NVAs meanwhile, is where one of them has it, for all, and nothing goes on (piece %i)',
  (piece) => {
    for (let seed = piece * EACH + 1; seed <= (piece + 1) * EACH; seed++) runRandomTriangle(seed)
  },
  60_000,
)

test.each([1, 2, 3, 4, 5])('three domains with gateways at all ends, which pass everything on, come to rest (seed %i)', (seed) => {
  const others = (domain: number) => [0, 1, 2].filter((one) => one !== domain) as [number, number]
  const all = (domain: number) => new Map(others(domain).map((other) => [other, [0]]))
  const domains = [0, 1, 2].map(
    (domain): DomainPlan => ({ nvas: 1, edges: 1, shares: all(domain), via: all(domain), transit: [others(domain)] }),
  )
  const world = new ManyDomains(seed, { domains, vns: 1 }).startAll()
  world.until(() => world.allUp)
  world.region.run(2_000)
  const before = world.changes
  world.region.run(5_000)
  expect(world.changes - before).toBe(0)
})
