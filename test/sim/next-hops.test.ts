/** What another domain says of next hops that our own domain uses, in any order with what NVEs here say, and what `nextHops` makes of it. */
import { describe, expect, test } from 'vitest'
import { federationView } from '../../src/daemon/answers/federation-view.ts'
import { REFUSAL_TEXT, REFUSALS, type Refusal } from '../../src/policy/refusal.ts'
import type { NlriView } from '../../src/wire/nlri/family.ts'
import { PolicyStage } from './policy-stage.ts'
import { Region } from './region.ts'
import { macRoute, type ScriptedPeer } from './scripted-peer.ts'

const AMS = '192.0.2.1'
/** Configured, and never up. */
const LEAF = '192.0.2.11'
const TWIN = '192.0.2.2'
/** They come by a listen range, and hear what fra says. */
const NVE = '192.0.2.65'
const EAR = '192.0.2.66'
const FRA = '198.51.100.1'
const THERE = '198.51.100.11'
const GATEWAY = '203.0.113.250'
const INSIDE = '203.0.113.251'
const TARGET = '65002:10100'
const OWN_ID = '65001:0'
const FRA_ID = '65002:0'

function stage(fra = '', share = '{}') {
  const text = (fra: string, peers = '', web = share) => `
vns: { web: { vni: 10100 }, db: { vni: 10200 }, far: { vni: 10300 } }
peerGroups: { leaves: { role: nve } }
listenRanges: [{ prefix: 192.0.2.64/26, group: leaves }]
peers:
  leaf: { address: ${LEAF}, group: leaves, passive: true }
  twin: { address: ${TWIN}, role: plain, passive: true }
${peers}
federation:
  domains:
    fra:
      asn: 65002
      peers: [${FRA}]
      passive: true
      share: { web: ${web}, far: { vni: 70300, via: { gateways: [{ address: ${GATEWAY}, inside: ${INSIDE} }] } } }
${fra}
`
  const world = new PolicyStage(text(fra))
  const ear = world.join(EAR)
  const other = world.join(FRA, 65002)
  const refused = (reason: Refusal) => {
    const id = world.attachment(FRA)?.inbound.peer ?? 0
    return world.nva.speaker.rib.refusedFrom(id, REFUSALS.indexOf(reason))
  }
  return {
    world,
    ear,
    fra: other,
    text,
    reload: (fra: string, peers = '', web = share) => world.reload(text(fra, peers, web)),
    refused,
    /** How many routes of fra the NVE that listens knows, and how many are refused because their next hop is ours. */
    known: () => [ear.routes().length, refused('own-next-hop')],
    session: () => [other.closed, world.nva.speaker.peers.get(`fra/${FRA}`)?.established],
  }
}

const mac = (number: number) => `02:00:00:00:${(number >> 8).toString(16).padStart(2, '0')}:${(number & 255).toString(16).padStart(2, '0')}`
const theirs = (number: number) => macRoute(THERE, mac(number))
const some = (from: number, to: number): NlriView[] => Array.from({ length: to - from }, (_, i) => theirs(from + i))

/** fra says that these are behind `nextHop`. */
function say(fra: ScriptedPeer, routes: readonly NlriView[], nextHop: string, attributes = {}): void {
  for (let at = 0; at < routes.length; at += 50) fra.announce(routes.slice(at, at + 50), [TARGET], attributes, nextHop)
}

/** D-PATH of one domain. */
const dPath = (id: string) => [[{ domainId: id, safi: 70 }]]

describe('a next hop of an NVE here', () => {
  test('their route comes first: it goes when our NVE is heard, and comes back by itself when that has gone', () => {
    const { world, fra, known, session } = stage()
    say(fra, [theirs(1)], NVE)
    say(fra, [theirs(2)], THERE)
    world.settle()
    expect(known()).toEqual([2, 0])
    const nve = world.join(NVE)
    // A session alone names no VTEP.
    expect(known()).toEqual([2, 0])
    nve.announce([macRoute(NVE, mac(9))], ['65001:10100'])
    world.settle()
    // One of fra's has gone, the one of the NVE has come.
    expect(known()).toEqual([2, 1])
    world.region.kill(NVE)
    world.settle()
    expect(known()).toEqual([2, 0])
    expect(session()).toEqual([null, 1])
  })

  test('our NVE comes first: theirs is refused from the first, and used when they name another one', () => {
    const { world, fra, known } = stage()
    world.join(NVE).announce([macRoute(NVE, mac(9))], ['65001:10100'])
    say(fra, [theirs(1)], NVE)
    world.settle()
    expect(known()).toEqual([1, 1])
    say(fra, [theirs(1)], THERE)
    world.settle()
    expect(known()).toEqual([2, 0])
    say(fra, [theirs(1)], NVE)
    world.settle()
    expect(known()).toEqual([1, 1])
    fra.withdraw([theirs(1)])
    world.settle()
    expect(known()).toEqual([1, 0])
  })

  test('an NVE that has taken back all it said has its VTEP until its session ends', () => {
    const { world, fra, known } = stage()
    const nve = world.join(NVE)
    nve.announce([macRoute(NVE, mac(9))], ['65001:10100'])
    say(fra, [theirs(1)], NVE)
    nve.withdraw([macRoute(NVE, mac(9))])
    world.settle()
    expect(known()).toEqual([0, 1])
    world.region.kill(NVE)
    world.settle()
    expect(known()).toEqual([1, 0])
  })

  test('an NVE that names another VTEP from now on leaves the first one free', () => {
    const { world, fra, known } = stage()
    const nve = world.join(NVE)
    nve.announce([macRoute(NVE, mac(9))], ['65001:10100'], {}, '192.0.2.200')
    say(fra, [theirs(1)], '192.0.2.200')
    say(fra, [theirs(2)], '192.0.2.201')
    world.settle()
    expect(known()).toEqual([2, 1])
    nve.announce([macRoute(NVE, mac(9))], ['65001:10100'], {}, '192.0.2.201')
    world.settle()
    expect(known()).toEqual([2, 1])
    expect(world.nva.speaker.settled).toBe(true)
  })

  test('whatever VN and type it is of, and whatever of it is used', () => {
    const { world, fra, known } = stage()
    world.join(NVE).announce([{ routeType: 3, rdType: 1, rd: `${NVE}:1`, ethernetTag: 0, ip: NVE }], ['65001:7'])
    say(fra, [theirs(1)], NVE)
    world.settle()
    expect(known()).toEqual([1, 1])
  })

  test('written as IPv6 it is the same one', () => {
    const { world, fra, known } = stage()
    world.join(NVE).announce([macRoute(NVE, mac(9))], ['65001:10100'])
    say(fra, [theirs(1)], `::ffff:${NVE}`)
    say(fra, [theirs(2)], '2001:db8::1')
    world.settle()
    expect(known()).toEqual([2, 1])
  })

  test('so do many routes, more than one slice has room for, while some of them go and others come', () => {
    const { world, fra, known } = stage()
    say(fra, some(0, 12_000), NVE)
    say(fra, some(12_000, 12_010), THERE)
    world.settle()
    expect(known()).toEqual([12_010, 0])
    const nve = world.join(NVE)
    nve.announce([macRoute(NVE, mac(20_000))], ['65001:10100'])
    fra.withdraw(some(0, 50))
    say(fra, some(100, 110), THERE)
    world.settle()
    expect(known()).toEqual([21, 11_940])
    world.region.kill(NVE)
    say(fra, some(12_010, 12_020), NVE)
    world.settle()
    expect(known()).toEqual([11_970, 0])
  })
})

describe('what else is ours', () => {
  test.each([
    ['an NVE of the configuration that is not up', LEAF],
    ['the NVA itself', AMS],
    ['another speaker of the domain', TWIN],
    ['a gateway, as others know it', GATEWAY],
    ['a gateway, as NVEs know it', INSIDE],
  ])('%s', (_, address) => {
    const { world, fra, known, session } = stage()
    say(fra, [theirs(1)], address)
    world.settle()
    expect(known()).toEqual([0, 1])
    expect(session()).toEqual([null, 1])
  })

  test('a peer that a reload brings, until another one takes it away', () => {
    const { world, fra, known, reload, session } = stage()
    say(fra, [theirs(1), theirs(2)], '192.0.2.33')
    world.settle()
    expect(known()).toEqual([2, 0])
    reload('', '  new: { address: 192.0.2.33, group: leaves, passive: true }')
    expect(known()).toEqual([0, 2])
    reload('')
    expect(known()).toEqual([2, 0])
    expect(session()).toEqual([null, 1])
  })

  test('a VN that crosses through gateways: what may not be named is not told as behind the gateway', () => {
    const { world, ear, fra, refused } = stage()
    const far = (number: number): NlriView => macRoute(THERE, mac(number), null, 70300)
    fra.announce([far(1)], ['65002:70300'], {}, LEAF)
    fra.announce([far(2)], ['65002:70300'], {}, THERE)
    world.settle()
    expect([...ear.table.keys()].map((route) => route.includes(mac(1)))).toEqual([false])
    expect(refused('own-next-hop')).toBe(1)
  })
})

describe('what is not ours', () => {
  test('what another NVA of ours tells of fra, whose judgement holds, neither for itself nor as a word of ours', () => {
    const { world, ear, fra, refused } = stage()
    const twin = world.join(TWIN)
    say(fra, [theirs(1)], THERE)
    twin.announce([theirs(2)], ['65001:10100'], { dPath: dPath(FRA_ID) }, THERE)
    twin.announce([theirs(3)], ['65001:10100'], { dPath: dPath(FRA_ID) }, LEAF)
    // By its AS alone.
    twin.announce([theirs(4)], ['65001:10100'], { asPath: [{ type: 'sequence', asns: [65002] }] }, '198.51.100.12')
    say(fra, [theirs(5)], '198.51.100.12')
    world.settle()
    expect([ear.routes().length, refused('own-next-hop')]).toEqual([5, 0])
  })

  test('of a route that is refused anyway the reason stays', () => {
    const { world, fra, refused } = stage()
    say(fra, [theirs(1)], LEAF, { dPath: dPath(OWN_ID) })
    fra.announce([theirs(2)], ['65002:9'], {}, LEAF)
    say(fra, [theirs(3)], LEAF, { asPath: [{ type: 'sequence', asns: [65002, 65001] }] })
    world.settle()
    const reasons = ['domain-path-loop', 'vn-not-shared', 'as-path-loop', 'own-next-hop'] as const
    expect(reasons.map(refused)).toEqual([1, 1, 1, 0])
  })
})

describe('nextHops', () => {
  const shared = `      nextHops: { shared: [${NVE}/32, ${LEAF}/32] }`

  test('shared: what both domains use may be named, and nothing else of ours', () => {
    const { world, fra, known } = stage(shared)
    say(fra, [theirs(1)], LEAF)
    say(fra, [theirs(2)], NVE)
    say(fra, [theirs(3)], TWIN)
    world.join(NVE).announce([macRoute(NVE, mac(9))], ['65001:10100'])
    world.settle()
    expect(known()).toEqual([3, 1])
  })

  test('within: nothing else may be named, but what is shared; ours is ours all the same', () => {
    const { world, ear, fra, refused } = stage(
      `      nextHops: { within: [198.51.100.0/24, 192.0.2.0/26, "2001:db8::/32"], shared: [192.0.2.65/32] }`,
    )
    for (const [number, nextHop] of [THERE, '203.0.113.7', LEAF, NVE, '2001:db8::7', '2001:db9::7'].entries())
      say(fra, [theirs(number)], nextHop)
    world.settle()
    expect([ear.routes().length, refused('next-hop-not-agreed'), refused('own-next-hop')]).toEqual([3, 2, 1])
  })

  test('a reload that changes them judges what is held, under sessions that stand', () => {
    const { world, fra, known, reload, refused, session } = stage()
    say(fra, [theirs(1)], LEAF)
    say(fra, [theirs(2)], THERE)
    world.settle()
    expect(known()).toEqual([1, 1])
    reload(shared)
    expect(known()).toEqual([2, 0])
    reload('      nextHops: { within: [203.0.113.0/24] }')
    expect([known(), refused('next-hop-not-agreed')]).toEqual([[0, 1], 1])
    reload('')
    expect(known()).toEqual([1, 1])
    expect(session()).toEqual([null, 1])
  })

  test('a domain that is lost, and whose routes stand: what becomes ours goes, and with it what a reload forbids', () => {
    const stale = '      staleTime: 60'
    const { world, ear, fra, reload } = stage(stale)
    say(fra, [theirs(1)], NVE)
    say(fra, [theirs(2)], THERE)
    world.settle()
    world.region.kill(FRA)
    world.settle()
    expect(ear.routes().length).toBe(2)
    const nve = world.join(NVE)
    nve.announce([macRoute(NVE, mac(9))], ['65001:10100'])
    world.settle()
    const left = () => [...ear.table.keys()].filter((route) => route.includes(THERE)).length
    expect(left()).toBe(1)
    reload(`${stale}\n      nextHops: { within: [203.0.113.0/24] }`)
    expect(left()).toBe(0)
    reload(stale)
    expect(left()).toBe(1)
    // It takes up what it has said, and is judged by what holds now.
    const back = world.join(FRA, 65002)
    say(back, [theirs(1)], NVE)
    say(back, [theirs(2)], THERE)
    world.settle()
    expect(left()).toBe(1)
    world.region.kill(NVE)
    world.settle()
    expect(left()).toBe(2)
  })
})

test('federation that a reload brings knows the NVEs that were there before, and forgets them with it', () => {
  const { world, fra, known, reload, text } = stage()
  world.join(NVE).announce([macRoute(NVE, mac(9))], ['65001:10100'])
  const alone = text('').replace(/federation:[\s\S]*/, '')
  world.reload(alone)
  expect(fra.closed).not.toBeNull()
  reload('')
  const again = world.join(FRA, 65002)
  say(again, [theirs(1)], NVE)
  say(again, [theirs(2)], THERE)
  world.settle()
  expect(known()).toEqual([2, 1])
})

test('what comes back is within the limits of the domain, and what waits for them comes in by itself', () => {
  const { world, fra, known } = stage('      limits: { changesPerSecond: 10, burst: 10 }')
  say(fra, some(0, 10), NVE)
  world.settle(3_000)
  expect(known()).toEqual([10, 0])
  world.join(NVE).announce([macRoute(NVE, mac(9))], ['65001:10100'])
  world.settle(3_000)
  expect(known()).toEqual([1, 10])
  say(fra, some(10, 20), THERE)
  world.settle(100)
  world.region.kill(NVE)
  world.settle(100)
  expect(known()[0]).toBeLessThan(20)
  world.settle(5_000)
  expect(known()).toEqual([20, 0])
})

test('a forecast says that it leaves out what other next hops would do', async () => {
  const { world, text } = stage()
  const beside = async (fra: string) => (await world.diff(text(fra), 10)).beside.filter((one) => one.includes('next hops'))
  expect(await beside('')).toEqual([])
  expect(await beside('      nextHops: { within: [198.51.100.0/24] }')).toEqual([
    'fra would be allowed other next hops (nextHops): routes that go or come because of it are not in the figures',
  ])
})

test('it is told with the domain: how many routes, and for which next hops', () => {
  const { world, fra } = stage(`      nextHops: { shared: [${TWIN}/32] }`)
  const shown = () => {
    const { rib } = world.nva.speaker
    const reasons = (peer: number) => Object.fromEntries(REFUSALS.map((reason, i) => [REFUSAL_TEXT[reason], rib.refusedFrom(peer, i)]))
    const domain = federationView(world.nva, 0, () => 0, reasons, true).domains[0]
    return [domain?.refused['the next hop is one of our own domain: an NVE, a gateway or an NVA here'], domain?.ownNextHops]
  }
  expect(shown()).toEqual([0, []])
  say(fra, [theirs(1), theirs(2)], LEAF)
  say(fra, [theirs(3)], TWIN)
  say(fra, [theirs(4)], THERE)
  // Not refused for its next hop.
  fra.announce([theirs(5)], ['65002:9'], {}, AMS)
  world.settle()
  expect(shown()).toEqual([2, [LEAF]])
  fra.withdraw([theirs(1), theirs(2)])
  world.settle()
  expect(shown()).toEqual([0, []])
})

/** VTEPs that NVEs here and fra name at random; the second is that of an NVE of the configuration. */
const NAMED = ['192.0.2.200', LEAF, '192.0.2.201', THERE] as const
const NVES = ['192.0.2.71', '192.0.2.72'] as const
/** What a reload says, with who may be named where it is ours, and what at all. */
const SAID: readonly (readonly [string, (nextHop: string) => boolean, (nextHop: string) => boolean])[] = [
  ['', () => false, () => true],
  [`      nextHops: { shared: [${NAMED[0]}/32] }`, (one) => one === NAMED[0], () => true],
  ['      nextHops: { within: [198.51.100.0/24, 192.0.2.200/32] }', () => false, (one) => one === NAMED[0] || one === THERE],
  [`      nextHops: { within: [192.0.2.0/24], shared: [${LEAF}/32] }`, (one) => one === LEAF, (one) => one !== THERE],
]
const KEYS = 6

test.each(Array.from({ length: 25 }, (_, i) => i + 1))(
  'in whatever order it is said, told and reloaded, the end is the same (seed %i)',
  (seed) => {
    const chance = new Region(seed)
    const below = (limit: number) => Math.floor(chance.random() * limit)
    const { world, ear, fra, reload, session } = stage()
    const said = new Map<number, string>()
    const nves = new Map<string, { readonly peer: ScriptedPeer; vtep: string | null }>()
    let rules = SAID[0]!
    const check = () => {
      const ours = new Set<string>([LEAF, ...[...nves.values()].flatMap(({ vtep }) => vtep ?? [])])
      const [, shared, within] = rules
      const wanted = [...said].filter(([, nextHop]) => shared(nextHop) || (!ours.has(nextHop) && within(nextHop)))
      const told = [...said.keys()].filter((key) => ear.announced(`[${mac(key)}]`) !== undefined)
      expect(told.sort()).toEqual(wanted.map(([key]) => key).sort())
      for (const [key, nextHop] of wanted) expect(ear.announced(`[${mac(key)}]`)).toMatchObject({ mpReach: { nextHop } })
    }
    for (let i = 0; i < 60; i++) {
      const dice = below(10)
      const key = below(KEYS)
      const address = NVES[below(NVES.length)]!
      const nve = nves.get(address)
      if (dice < 4) {
        const nextHop = NAMED[below(NAMED.length)]!
        say(fra, [theirs(key)], nextHop)
        said.set(key, nextHop)
      } else if (dice < 5) {
        fra.withdraw([theirs(key)])
        said.delete(key)
      } else if (dice < 8) {
        const vtep = NAMED[below(3)]!
        const joined = nve ?? { peer: world.join(address), vtep: null }
        joined.peer.announce([macRoute(address, mac(1000))], ['65001:10100'], {}, vtep)
        nves.set(address, Object.assign(joined, { vtep }))
      } else if (dice < 9) {
        if (nve !== undefined) world.region.kill(address)
        nves.delete(address)
        // Who comes back before that has been heard is not let in, and does not dial again.
        world.settle(10)
      } else {
        rules = SAID[below(SAID.length)]!
        reload(rules[0])
      }
      if (chance.random() < 0.6) world.settle(below(8))
      else {
        world.settle(100)
        check()
      }
    }
    world.settle()
    check()
    expect(session()).toEqual([null, 1])
  },
)
