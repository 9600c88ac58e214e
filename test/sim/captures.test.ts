/** The captures of real daemons, said to an NVA by a scripted peer: it is left with the table that tshark reads from them, and tells it as the real reflector did. */
import { readdirSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { type Announced, historyOf, type Recorded, recordedMessages, tableLeftBy } from './recorded.ts'
import { FAR_WITNESS, NVA_A, NVA_B, NVE_1, NVE_2, REFLECTOR, Replay, WITNESS } from './replay.ts'

interface Piece {
  /** Recorded one after the other from one session, when there are several. */
  readonly captures: readonly string[]
  /** Whose octets are said. */
  readonly from: string
  /** In whose place the NVA stands. */
  readonly to: string
  /** Paths in the Adj-RIB-In of `from` at the end: `2: 4` are four of type 2. */
  readonly leaves: string
  /** How many of them are not used, and why. */
  readonly refused?: Readonly<Record<string, number>>
  /** Why sessions and attempts ended, in order. `gone`: the other end, in whose place the NVA stands, ended it. */
  readonly ended?: readonly string[]
  /** It is over at the end. */
  readonly over?: true
}

const FRR_SESSION = [
  'frr-session-start',
  'frr-type2-mac-and-macip',
  'frr-withdraw',
  'frr-route-refresh',
  'frr-config-rt-change',
  'frr-vni-removed',
  'frr-type5-l3vni',
]
const GOBGP_SESSION = [
  'gobgp-session-start',
  'gobgp-type1-ead-per-evi',
  'gobgp-type1-ead-per-es',
  'gobgp-type2-mac-esi',
  'gobgp-type2-macip',
  'gobgp-type3-imet',
  'gobgp-type4-es',
  'gobgp-type5-prefix',
]
const RESET = 'peer sent Cease/Hard Reset (6/9): Cease/Administrative Reset (6/4)'
const COLLISION = 'peer sent Cease/Connection Collision Resolution (6/7)'
const SHUTDOWN = 'peer sent Cease/Hard Reset (6/9): Cease/Administrative Shutdown (6/2): "lab maintenance"'
const gone = 'closed by the peer'
/** FRR reflects to an NVE its own routes too. */
const own = (routes: number) => ({ 'own-originator-id': routes })

const PIECES: readonly Piece[] = [
  // An NVE speaks; the NVA stands in the place of the reflector.
  { captures: ['frr-session-start'], from: NVE_1, to: REFLECTOR, leaves: '2: 4, 3: 2', ended: [RESET, COLLISION] },
  { captures: ['frr-type2-mac-and-macip'], from: NVE_1, to: REFLECTOR, leaves: '2: 2' },
  { captures: ['frr-withdraw'], from: NVE_1, to: REFLECTOR, leaves: 'nothing' },
  { captures: ['frr-mac-mobility'], from: NVE_2, to: REFLECTOR, leaves: 'nothing' },
  { captures: ['frr-route-refresh'], from: NVE_1, to: REFLECTOR, leaves: '2: 4, 3: 2' },
  { captures: ['frr-config-rt-change'], from: NVE_1, to: REFLECTOR, leaves: '2: 2, 3: 1' },
  { captures: ['frr-vni-removed'], from: NVE_1, to: REFLECTOR, leaves: '2: 2, 3: 1' },
  { captures: ['frr-type5-l3vni'], from: NVE_1, to: REFLECTOR, leaves: '2: 2, 5: 1' },
  { captures: ['frr-multihoming-type4'], from: NVE_1, to: REFLECTOR, leaves: '4: 1' },
  { captures: FRR_SESSION.slice(0, 3), from: NVE_1, to: REFLECTOR, leaves: '2: 2, 3: 2', ended: [RESET, COLLISION] },
  { captures: FRR_SESSION, from: NVE_1, to: REFLECTOR, leaves: '2: 4, 3: 2, 5: 1', ended: [RESET, COLLISION] },
  {
    captures: ['gobgp-session-start'],
    from: NVE_1,
    to: REFLECTOR,
    leaves: '2: 4, 3: 2',
    ended: ['peer sent Cease/Administrative Reset (6/4)', gone],
  },

  // The reflector speaks; the NVA stands in the place of an NVE, and so has the table as the reflector had it.
  { captures: ['frr-session-start'], from: REFLECTOR, to: NVE_1, leaves: '2: 16, 3: 8', refused: own(6), ended: [gone, COLLISION] },
  { captures: ['frr-type2-mac-and-macip'], from: REFLECTOR, to: NVE_1, leaves: '2: 2', refused: own(2) },
  { captures: ['frr-withdraw'], from: REFLECTOR, to: NVE_1, leaves: 'nothing' },
  { captures: ['frr-mac-mobility'], from: REFLECTOR, to: NVE_2, leaves: '2: 1' },
  { captures: ['frr-route-refresh'], from: REFLECTOR, to: NVE_1, leaves: '2: 17, 3: 8', refused: own(6) },
  { captures: ['frr-config-rt-change'], from: REFLECTOR, to: NVE_1, leaves: '2: 2, 3: 1', refused: own(3) },
  { captures: ['frr-vni-removed'], from: REFLECTOR, to: NVE_1, leaves: '2: 2, 3: 1', refused: own(3) },
  { captures: ['frr-type5-l3vni'], from: REFLECTOR, to: NVE_1, leaves: '2: 8, 5: 4', refused: own(3) },
  { captures: ['frr-multihoming-type4'], from: REFLECTOR, to: NVE_1, leaves: '2: 2, 4: 1', refused: own(1) },
  { captures: ['frr-shutdown-cease'], from: REFLECTOR, to: NVE_1, leaves: 'nothing', ended: [SHUTDOWN], over: true },
  { captures: FRR_SESSION, from: REFLECTOR, to: NVE_1, leaves: '2: 17, 3: 8, 5: 4', refused: own(7), ended: [gone, COLLISION] },
  {
    captures: [...FRR_SESSION, 'frr-shutdown-cease'],
    from: REFLECTOR,
    to: NVE_1,
    leaves: 'nothing',
    ended: [gone, COLLISION, SHUTDOWN],
    over: true,
  },
  { captures: ['gobgp-session-start'], from: REFLECTOR, to: NVE_1, leaves: '2: 12, 3: 6' },
  { captures: ['gobgp-type1-ead-per-evi'], from: REFLECTOR, to: NVE_1, leaves: '1: 1' },
  { captures: ['gobgp-type1-ead-per-es'], from: REFLECTOR, to: NVE_1, leaves: '1: 1' },
  { captures: ['gobgp-type2-mac-esi'], from: REFLECTOR, to: NVE_1, leaves: '2: 1' },
  { captures: ['gobgp-type2-macip'], from: REFLECTOR, to: NVE_1, leaves: '2: 2' },
  { captures: ['gobgp-type3-imet'], from: REFLECTOR, to: NVE_1, leaves: '3: 1' },
  { captures: ['gobgp-type4-es'], from: REFLECTOR, to: NVE_1, leaves: '4: 1' },
  { captures: ['gobgp-type5-prefix'], from: REFLECTOR, to: NVE_1, leaves: '5: 2' },
  { captures: ['gobgp-withdraw-all'], from: REFLECTOR, to: NVE_1, leaves: 'nothing' },
  { captures: GOBGP_SESSION, from: REFLECTOR, to: NVE_1, leaves: '1: 2, 2: 15, 3: 7, 4: 1, 5: 2' },
  { captures: [...GOBGP_SESSION, 'gobgp-withdraw-all'], from: REFLECTOR, to: NVE_1, leaves: '2: 12, 3: 6' },

  // The reflectors of two domains; the NVA stands in the place of either. FRR says to each other what came from there: a loop. VN 200 is not shared.
  {
    captures: ['frr-ebgp-federation'],
    from: NVA_A,
    to: NVA_B,
    leaves: '2: 16, 3: 8',
    refused: { 'as-path-loop': 12, 'vn-not-shared': 6 },
    ended: [RESET, COLLISION],
  },
  {
    captures: ['frr-ebgp-federation'],
    from: NVA_B,
    to: NVA_A,
    leaves: '2: 16, 3: 8',
    refused: { 'as-path-loop': 12, 'vn-not-shared': 6 },
    ended: [COLLISION],
  },
  {
    captures: ['frr-hold-timer-expired'],
    from: NVA_A,
    to: NVA_B,
    leaves: '2: 17, 3: 8, 5: 4',
    refused: { 'as-path-loop': 15, 'vn-not-shared': 4 },
    ended: ['peer sent Hold Timer Expired (4/0)', gone, 'peer sent Finite State Machine Error/Unexpected Message in OpenSent (5/1)'],
  },
  {
    captures: ['frr-hold-timer-expired'],
    from: NVA_B,
    to: NVA_A,
    leaves: '2: 17, 3: 8, 5: 4',
    refused: { 'as-path-loop': 14, 'vn-not-shared': 4 },
    ended: [gone, COLLISION],
  },
]

const messagesOf = (captures: readonly string[]): Recorded[] => captures.flatMap(recordedMessages)
const titled = PIECES.map((piece) => ({ ...piece, title: `${piece.captures.join(', ')}: ${piece.from} to ${piece.to}` }))

describe('a capture said to an NVA', () => {
  test.each(titled)('$title leaves $leaves', ({ captures, from, to, leaves, refused = {}, ended = [], over = false }) => {
    const messages = messagesOf(captures)
    const replay = new Replay(to)
    replay.say(from, messages)
    const left = replay.adjRibIn(from)
    expect(sorted(left.table)).toEqual(sorted(tableLeftBy(lastSession(messages, from))))
    expect(byType(left.table.keys())).toBe(leaves)
    // Sessions that ended have taken their routes along.
    expect(replay.nva.speaker.rib.paths).toBe(left.table.size)
    expect(left.refused).toEqual(refused)
    expect(replay.ended).toEqual(ended)
    expect(replay.stands(from)).toBe(!over)
    expect(replay.nva.speaker.faults.all()).toEqual([])
  })

  test('every capture is there, in each direction that says something of routes or ends a session', () => {
    const captures = readdirSync(new URL('../captures/tshark/', import.meta.url)).map((name) => name.replace('.txt', ''))
    const said = captures.flatMap((capture) => {
      const telling = recordedMessages(capture).filter(({ type }) => type === 'UPDATE' || type === 'NOTIFICATION')
      return [...new Set(telling.map(({ from, to }) => `${capture} ${from} ${to}`))]
    })
    const there = PIECES.filter(({ captures }) => captures.length === 1).map(({ captures, from, to }) => `${captures[0]} ${from} ${to}`)
    expect(there.sort()).toEqual(said.sort())
  })
})

/** What FRR 8.4 does to routes and we do not. */
const WAYS_OF_FRR = {
  'a MED of 0 is added where none is: a reflector need not, and should not, change what it reflects (RFC 4456 10)': (
    how: Announced,
  ): Announced => (how.attributes[MED] === undefined ? { ...how, attributes: { ...how.attributes, [MED]: '80 00000000' } } : how),
  'extended communities are sorted: they are a set, the order means nothing (RFC 4360)': (how: Announced): Announced => {
    const [flags = '', list = ''] = how.attributes[EXTENDED_COMMUNITIES]?.split(' ') ?? []
    const inOrder = list.match(/.{16}/g)?.sort().join('')
    return { ...how, attributes: { ...how.attributes, [EXTENDED_COMMUNITIES]: `${flags} ${inOrder}` } }
  },
} as const
const MED = 4
const EXTENDED_COMMUNITIES = 16
const [ADDS_MED, SORTS] = Object.values(WAYS_OF_FRR) as [(how: Announced) => Announced, (how: Announced) => Announced]
const reflectedByFrr = (how: Announced): Announced => SORTS(ADDS_MED(how))

/** GoBGP tells an NVE nothing of its own routes; `frr-withdraw` alone says nothing new, it counts in the session it is of. */
const TELLS_NOTHING = ['gobgp-session-start', 'frr-withdraw']
const FROM_AN_NVE = titled.filter(({ to, captures }) => to === REFLECTOR && !TELLS_NOTHING.includes(captures[0]!))

describe('what the NVA tells another NVE is what the real reflector told, word for word, but for the ways of FRR', () => {
  test.each(FROM_AN_NVE)('$title', ({ captures, from }) => {
    const messages = messagesOf(captures)
    const replay = new Replay(REFLECTOR)
    const witness = replay.join(WITNESS)
    replay.say(from, messages)
    const saidByNve = new Set(messages.filter((message) => message.from === from).flatMap(routesIn))
    const real = saidIn(messages.filter((message) => message.from === REFLECTOR)).filter(([route]) => saidByNve.has(route))
    const ours = replay.told(witness).map(([route, how]) => [route, how && reflectedByFrr(how)] as const)
    expect(sorted(historyOf(ours))).toEqual(sorted(historyOf(real)))
    expect(ours.length).toBeGreaterThan(0)
  })

  test.each(Object.entries(WAYS_OF_FRR))('without this they would differ: %s', (_, way) => {
    const messages = messagesOf(FRR_SESSION)
    const replay = new Replay(REFLECTOR)
    const witness = replay.join(WITNESS)
    replay.say(NVE_1, messages)
    const other = way === ADDS_MED ? SORTS : ADDS_MED
    const ours = historyOf(replay.told(witness).map(([route, how]) => [route, how && other(how)] as const))
    const real = historyOf(saidIn(messages.filter(({ from }) => from === REFLECTOR)).filter(([route]) => ours.has(route)))
    expect(sorted(ours)).not.toEqual(sorted(real))
  })
})

describe('in the place of the reflector between its NVE and the other domain', () => {
  const home = recordedMessages('frr-session-start')
  const border = recordedMessages('frr-ebgp-federation')

  /** What each side is told: the NVE and the other NVA have said what they say in the captures. */
  function between() {
    const replay = new Replay(REFLECTOR)
    const near = replay.join(WITNESS)
    const far = replay.join(FAR_WITNESS)
    replay.say(NVE_1, home)
    replay.say(NVA_B, border)
    const told = (peer: typeof near) => tableOf(replay.told(peer).map(([route, how]) => [route, how && SORTS(how)] as const))
    return { near: told(near), far: told(far) }
  }

  test('an NVE is told the routes of the other domain as the real reflector told them and with its domain in the D-PATH, but those of VN 200: it is not shared', () => {
    const real = tableLeftBy(home.filter(({ from, type }) => from === REFLECTOR && type === 'UPDATE'))
    const foreign = only(real, (route) => route.startsWith('10.2.'))
    const shared = only(foreign, isShared)
    expect([foreign.size, shared.size]).toEqual([12, 6])
    expect(sorted(only(between().near, (route) => route.startsWith('10.2.')))).toEqual(sorted(fromDomain('0000fdea', shared)))
  })

  test('the other domain is told the routes of the NVE as the real reflector told them and with our domain in the D-PATH, but those of VN 200, and none of its own', () => {
    const real = tableLeftBy(border.filter(({ from, type }) => from === NVA_A && type === 'UPDATE'))
    const ofNve = only(real, (route) => route.startsWith(`${NVE_1}:`))
    const shared = only(ofNve, isShared)
    expect([ofNve.size, shared.size]).toEqual([6, 3])
    expect(sorted(between().far)).toEqual(sorted(fromDomain('0000fde9', shared)))
  })
})

/** FRR writes no D-PATH: the same with the AS of the domain they came from. */
function fromDomain(asn: string, routes: ReadonlyMap<string, Announced>): Map<string, Announced> {
  const path = `c0 01${asn}000046`
  return new Map([...routes].map(([route, how]) => [route, { ...how, attributes: { ...how.attributes, 36: path } }]))
}

/** In the lab the RD of an NVE ends in 2 for VN 100, which is shared, and in 3 for VN 200. */
function isShared(route: string): boolean {
  return route.split(' ')[0]!.endsWith(':2')
}

function lastSession(messages: readonly Recorded[], from: string): Recorded[] {
  const spoken = messages.filter((message) => message.from === from)
  const last = spoken.at(-1)?.connection
  return spoken.filter(({ connection }) => connection === last)
}

function routesIn({ withdrawn, announced }: Recorded): string[] {
  return [...withdrawn, ...announced.keys()]
}

function saidIn(messages: readonly Recorded[]): (readonly [string, Announced | null])[] {
  return messages.flatMap(({ withdrawn, announced }) => [...withdrawn.map((route) => [route, null] as const), ...announced])
}

function tableOf(said: readonly (readonly [string, Announced | null])[]): Map<string, Announced> {
  const table = new Map<string, Announced>()
  for (const [route, how] of said) {
    if (how === null) table.delete(route)
    else table.set(route, how)
  }
  return table
}

function only<T>(table: ReadonlyMap<string, T>, wanted: (route: string) => boolean): Map<string, T> {
  return new Map([...table].filter(([route]) => wanted(route)))
}

function sorted<T>(table: ReadonlyMap<string, T>): [string, T][] {
  return [...table].sort(([a], [b]) => (a < b ? -1 : 1))
}

function byType(routes: Iterable<string>): string {
  const counts = new Map<string, number>()
  for (const route of routes) {
    const type = /\[(\d+)\]/.exec(route)![1]!
    counts.set(type, (counts.get(type) ?? 0) + 1)
  }
  return (
    sorted(counts)
      .map(([type, count]) => `${type}: ${count}`)
      .join(', ') || 'nothing'
  )
}
