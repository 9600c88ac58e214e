/** Chains asked in two parts, once per attribute set and then per route, against the same chains asked plainly, one term after the other. */
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { put24, put32, u8, u24, u32 } from '../../../src/bytes/octets.ts'
import {
  Chain,
  type EditStep,
  type Fallible,
  type Judgement,
  Policy,
  type ProposalStep,
  type Term,
  type TestStep,
} from '../../../src/policy/chain.ts'
import { Gate } from '../../../src/policy/gate/gate.ts'
import { always } from '../../../src/policy/gate/plan.ts'
import type { Draft, Edit, RouteView } from '../../../src/policy/modules/module.ts'
import { Ahead } from '../../../src/policy/own/ahead.ts'
import { findAttribute, type RewriteStep, valueStart } from '../../../src/policy/rewrite/attribute-rewrite.ts'
import { NOBODY, RouteDraft } from '../../../src/policy/route-draft.ts'
import { AttributeCode, OPTIONAL_NON_TRANSITIVE, WELL_KNOWN } from '../../../src/wire/attribute/attribute.ts'
import { firstLabelAt } from '../../../src/wire/nlri/evpn/in-place.ts'

/** What of a route the terms of this test look at and change. */
interface Plain {
  localPref: number
  med: number
  nextHop: number
  vni: number
  readonly host: number
}

/** A condition or a change, as data: `on` what, with what number. */
interface Wish {
  readonly on: 'localPref' | 'med' | 'nextHop' | 'vni' | 'host'
  readonly number: number
  /** It is that of a module of the operator's, which fails where `on` is this; null: one of ours. */
  readonly fails: number | null
  readonly onError: Term['decides']
}

interface PlainTerm {
  readonly tests: readonly Wish[]
  readonly edits: readonly Wish[]
  readonly decides: Term['decides']
}

interface PlainChain {
  readonly terms: readonly PlainTerm[]
  readonly otherwise: Judgement
}

/** The chain of a VN holds for routes with a local preference of this remainder. */
const REMAINDERS = 3

/** Chains whose modules fail at these numbers; `on`: what of attributes they look at and change. */
function chains(fails: fc.Arbitrary<number | null>, on: readonly Wish['on'][]): fc.Arbitrary<PlainChain> {
  const wish = (...of: readonly Wish['on'][]): fc.Arbitrary<Wish> =>
    fc.record({ on: fc.constantFrom(...of), number: fc.nat(7), fails, onError: fc.constantFrom('accept', 'reject', 'next') })
  const attributeTest = wish(...on)
  const routeTest = wish('vni', 'host')
  const edit = wish(...on, 'vni', 'host')
  const term: fc.Arbitrary<PlainTerm> = fc.record({
    tests: fc.array(fc.oneof(attributeTest, routeTest), { maxLength: 3 }),
    edits: fc.array(edit, { maxLength: 2 }),
    decides: fc.constantFrom('accept', 'reject', 'next', 'next'),
  })
  return fc.record({
    // Long ones too: terms are indexed only where many of them ask about the same.
    terms: fc.oneof(fc.array(term, { maxLength: 8 }), fc.array(term, { minLength: 12, maxLength: 40 })),
    otherwise: fc.constantFrom('accept', 'reject'),
  })
}
const ATTRIBUTES = ['localPref', 'med', 'nextHop'] as const
const route: fc.Arbitrary<Plain> = fc.record({ localPref: fc.nat(7), med: fc.nat(7), nextHop: fc.nat(7), vni: fc.nat(7), host: fc.nat(7) })

/** A number holds if it is not above: nearly all or nearly none, so that terms meet and miss. */
const holds = (value: number, number: number) => value <= number
/** An edit of `host`, which nothing can change, makes the MED what the host is: what is changed hangs on the route. */
const changed = (route: Plain, { on, number }: Wish): void => {
  if (on === 'host') route.med = route.host
  else if (on === 'vni') route.vni = route.vni === number ? number + 1 : route.vni
  else route[on] = (route[on] + number) % 8
}

function plainly(session: PlainChain, vns: readonly PlainChain[], order: 'session' | 'vns', from: Plain): Plain | null {
  const route = { ...from }
  const passes = ({ terms, otherwise }: PlainChain): boolean => {
    for (const { tests, edits, decides } of terms) {
      const asked = inOrder(tests).find(({ on, number, fails }) => route[on] === fails || !holds(route[on], number))
      if (asked !== undefined && route[asked.on] !== asked.fails) continue
      const failed = asked ?? edits.find(({ on, fails }) => route[on] === fails)
      if (failed === undefined) for (const wish of doneInOrder(edits)) changed(route, wish)
      const then = failed?.onError ?? decides
      if (then !== 'next') return then === 'accept'
    }
    return otherwise === 'accept'
  }
  const vnsPass = () => vnsOf(vns, route.localPref).every(passes)
  const passed = order === 'session' ? passes(session) && vnsPass() : vnsPass() && passes(session)
  return passed ? route : null
}

/** The chains of the VNs a route belongs to: none, one or two. */
function vnsOf<T>(vns: readonly T[], localPref: number): readonly T[] {
  return vns.slice(0, localPref % REMAINDERS)
}

function compiled({ terms, otherwise }: PlainChain, name: string): Chain {
  const made = terms.map(
    ({ tests, edits, decides }, i): Term => ({
      policy: name,
      name: `${i}`,
      tests: inOrder(tests).map(testOf),
      edits: edits.filter(({ fails }) => fails === null).map(editOf),
      proposals: edits.filter(({ fails }) => fails !== null).map(proposalOf),
      decides,
      hits: { sets: 0, routes: 0 },
    }),
  )
  return new Chain([new Policy(name, made)], otherwise)
}

/** Those that look at attributes first, and of these ours before the operator's (it is asked last what takes long). */
function inOrder(tests: readonly Wish[]): Wish[] {
  return [...tests].sort((a, b) => Number(isOfRoute(a)) - Number(isOfRoute(b)) || Number(a.fails !== null) - Number(b.fails !== null))
}

/** What modules of the operator's want is done last. */
function doneInOrder(edits: readonly Wish[]): Wish[] {
  return [...edits].sort((a, b) => Number(a.fails !== null) - Number(b.fails !== null))
}

const isOfRoute = ({ on }: Wish) => on === 'vni' || on === 'host'

const TOUCHES = {
  localPref: [AttributeCode.localPref],
  med: [AttributeCode.med],
  nextHop: ['nextHop'],
  vni: [AttributeCode.extCommunities, AttributeCode.pmsiTunnel],
  host: null,
} as const
const READS = { localPref: AttributeCode.localPref, med: AttributeCode.med, nextHop: 'nextHop', vni: null, host: null } as const

function testOf(wish: Wish): TestStep {
  const { on, number, fails } = wish
  const run = (view: RouteView) => (read(view)[on] === fails ? null : holds(read(view)[on], number))
  const looksAt = isOfRoute(wish) ? 'route' : 'attributes'
  if (fails === null) return { module: on, run, looksAt, reads: READS[on], own: null }
  const ahead = fetching(run)
  return {
    module: on,
    run: (view) => (ahead.known(view) === undefined ? run(view) : foreseen(ahead, view, run)),
    looksAt,
    own: fallible(wish),
    ahead,
  }
}

/** Routes that can be asked about in one go, and how many answers come before the one that is the last: some of everything. */
const NOTED_MOST = 3
const ANSWERS_MOST = 5
let fetched = 0

/** Answers as `run` does, fetched before; sometimes not all of them. */
function fetching(run: (view: RouteView) => boolean | null): Ahead<boolean> {
  let noted: (boolean | null)[] = []
  let given = 0
  return new Ahead<boolean>({
    note: (view) => noted.length < NOTED_MOST && noted.push(run(view)) > 0,
    answers() {
      const answers = noted.slice(0, ++given % ANSWERS_MOST === 0 ? 1 : NOTED_MOST)
      noted = []
      return answers.map((one) => one ?? { failed: 'error', why: 'as it was told to' })
    },
  })
}

/** What was fetched is what would be said now. */
function foreseen(ahead: Ahead<boolean>, view: RouteView, run: (view: RouteView) => boolean | null): boolean | null {
  fetched++
  const known = ahead.known(view) ?? null
  expect(known).toBe(run(view))
  return known
}

function proposalOf(wish: Wish): ProposalStep {
  const { on, fails } = wish
  const { module, run } = editOf(wish)
  const held = (view: RouteView) => (read(view)[on] === fails ? null : true)
  const ahead = fetching(held)
  // Whether it fails hangs on the route where what it looks at does.
  return {
    module,
    looksAt: isOfRoute(wish) ? 'route' : 'attributes',
    propose: (view) => ((ahead.known(view) === undefined ? held(view) : foreseen(ahead, view, held)) === null ? null : [run]),
    own: fallible(wish),
    ahead,
  }
}

function fallible({ onError }: Wish): Fallible {
  return { onError, lastFailure: () => 'as it was told to' }
}

function editOf({ on, number }: Pick<Wish, 'on' | 'number'>): EditStep {
  const put = (code: number, flags: number, value: (view: RouteView) => number) => (draft: Draft) => {
    const to = value(draft)
    const step: RewriteStep = { code, flags, add: true, value: (_bytes, _from, _to, out, at) => put32(out, at, to) }
    draft.rewrite([step])
  }
  const run: Record<Wish['on'], Edit> = {
    localPref: put(AttributeCode.localPref, WELL_KNOWN, (view) => (read(view).localPref + number) % 8),
    med: put(AttributeCode.med, OPTIONAL_NON_TRANSITIVE, (view) => (read(view).med + number) % 8),
    host: put(AttributeCode.med, OPTIONAL_NON_TRANSITIVE, (view) => u8(view.nlri, view.nlriAt + HOST)),
    nextHop: (draft) => draft.setNextHop(Uint8Array.of(10, 0, 0, (read(draft).nextHop + number) % 8)),
    vni: (draft) => draft.mapVnis(new Map([[number, number + 1]])),
  }
  return { module: on, run: run[on], looksAt: on === 'host' ? 'route' : 'attributes', touches: TOUCHES[on] }
}

/** A type 2 route without an IP address: header (2), RD (8), ESI (10), tag (4), length (1), MAC (6), length (1), label (3). */
const HOST = 30
const NLRI = 35

function nlriOf({ vni, host }: Plain): Uint8Array {
  const nlri = new Uint8Array(NLRI)
  nlri.set([2, NLRI - 2])
  nlri[24] = 48
  nlri[HOST] = host
  put24(nlri, NLRI - 3, vni)
  return nlri
}

/** MED, then LOCAL_PREF; the next hop behind them. */
function octetsOf({ localPref, med, nextHop }: Plain) {
  const bytes = Uint8Array.of(0x80, 4, 4, 0, 0, 0, med, 0x40, 5, 4, 0, 0, 0, localPref, 10, 0, 0, nextHop)
  return { bytes, from: 0, to: 14, nextHopAt: 14, nextHopLength: 4 }
}

function read(view: RouteView): Plain {
  const { bytes, from, to, nextHopAt, nlri, nlriAt, nlriLength } = view
  const number = (code: number) => u32(bytes, valueStart(bytes, findAttribute(bytes, from, to, code)))
  const label = nlriLength === 0 ? -1 : firstLabelAt(nlri, nlriAt, nlriLength)
  return {
    localPref: number(AttributeCode.localPref),
    med: number(AttributeCode.med),
    nextHop: u8(bytes, nextHopAt + 3),
    vni: label < 0 ? 0 : u24(nlri, label),
    host: nlriLength === 0 ? 0 : u8(nlri, nlriAt + HOST),
  }
}

/** Modules of the operator's are among them, or none: then the plans of sets that agree in what is looked at are found again. */
const KINDS: fc.Arbitrary<fc.Arbitrary<PlainChain>> = fc.oneof(
  fc.constant(chains(fc.option(fc.nat(7), { freq: 2 }), ATTRIBUTES)),
  fc.subarray([...ATTRIBUTES], { minLength: 1 }).map((on) => chains(fc.constant(null), on)),
)
const ALL_CHAINS = KINDS.chain((chain) => fc.tuple(chain, fc.array(chain, { minLength: REMAINDERS - 1, maxLength: REMAINDERS - 1 })))

test('whatever the chains and the routes: what a plan and a pass give is what one term after the other gives', () => {
  // Routes come in sets that agree in their attributes, several sets with the same gate; many, and some of them but for one thing alike.
  const one = fc.array(route, { minLength: 1, maxLength: 4 })
  const alike = fc
    .tuple(one, fc.array(fc.tuple(fc.constantFrom(...ATTRIBUTES), fc.nat(7)), { maxLength: 8 }))
    .map(([first, others]) => [first, ...others.map(([on, number]) => first.map((of) => ({ ...of, [on]: number })))])
  const sets = fc.array(alike, { minLength: 1, maxLength: 4 }).map((drawn) => drawn.flat())
  fc.assert(
    fc.property(
      ALL_CHAINS,
      fc.constantFrom('session', 'vns'),
      sets,
      fc.boolean(),
      fc.boolean(),
      ([session, plainVns], order, drawn, again, ahead) => {
        const own = [compiled(session, 'session')]
        const others = plainVns.map((one, i) => compiled(one, `vn${i}`))
        const vnStage = { of: (view: RouteView) => vnsOf(others, read(view).localPref), chains: others, reads: [AttributeCode.localPref] }
        const stages = [always(own), vnStage]
        const gate = new Gate(order === 'session' ? stages : stages.reverse())
        const draft = new RouteDraft()
        let undecided = 0
        for (const [first, ...more] of drawn) {
          const routes = [first!, ...more.map(({ vni, host }) => ({ ...first!, vni, host }))]
          draft.begin(octetsOf(first!), NOBODY)
          const number = gate.plan(draft)
          const decision = gate.decisionOf(number)
          if (decision === null && again) {
            // Somebody else was here meanwhile.
            draft.begin(octetsOf({ ...first!, localPref: 6, med: 6 }), NOBODY)
            draft.rewrite([])
            draft.begin(octetsOf(first!), NOBODY)
            gate.resume(number, draft)
          }
          const nlris = Uint8Array.from(routes.flatMap((one) => [...nlriOf(one)]))
          const places = routes.map((_, i) => ({ at: i * NLRI, size: NLRI, ageSeconds: 0, stale: false }))
          const foresees = ahead && gate.canForesee(number)
          if (foresees) gate.foresee(number, draft, nlris, places)
          for (const [i, one] of routes.entries()) {
            const nlri = nlriOf(one)
            draft.beginRoute(nlris, i * NLRI, NLRI, 0, false)
            const usual = decision === null && gate.isUsual(number, draft)
            const { judgement, chain, term } = decision ?? gate.pass(number, draft)
            if (decision !== null) gate.count(number, 1)
            if (chain !== null && term === null) undecided++
            if (usual) expect(gate.wasUsual).toBe(true)
            const found = judgement === 'accept' ? read(draft) : null
            expect(found).toEqual(plainly(session, plainVns, order as 'session' | 'vns', one))
            // A route is looked at, never written to.
            expect(nlris.slice(i * NLRI, (i + 1) * NLRI)).toEqual(nlri)
            draft.withoutRoute()
          }
          if (foresees) gate.forgetForeseen(number)
        }
        expect([...own, ...others].reduce((sum, chain) => sum + chain.undecided, 0)).toBe(undecided)
      },
    ),
    { numRuns: 3000 },
  )
  expect(fetched).toBeGreaterThan(0)
})

test.each(['accept', 'reject', 'next'] as const)(
  'a module that fails when a set is taken up again, though it had not before, costs each route what is said for it: %s',
  (onError) => {
    let failing = false
    const fails = { module: 'own.mine', looksAt: 'attributes', own: { onError, lastFailure: () => 'now' } } as const
    const first: Term = {
      ...{ policy: 'p', name: 'first', tests: [], decides: 'next', hits: { sets: 0, routes: 0 } },
      edits: [editOf({ on: 'med', number: 1 })],
      proposals: [{ ...fails, propose: () => (failing ? null : [editOf({ on: 'localPref', number: 1 }).run]) }],
    }
    const plainly: PlainTerm = { tests: [{ on: 'host', number: 3, fails: null, onError }], edits: [], decides: 'reject' }
    const chain = new Chain([new Policy('p', [first, ...compiled({ terms: [plainly], otherwise: 'accept' }, 'p').terms])], 'accept')
    const gate = new Gate([always([chain])])
    const draft = new RouteDraft()
    const from: Plain = { localPref: 1, med: 1, nextHop: 1, vni: 1, host: 5 }
    const pass = (number: number, host: number) => {
      draft.beginRoute(nlriOf({ ...from, host }), 0, NLRI, 0, false)
      const { judgement } = gate.pass(number, draft)
      return judgement === 'accept' ? read(draft) : null
    }
    draft.begin(octetsOf(from), NOBODY)
    const number = gate.plan(draft)
    expect([pass(number, 5), pass(number, 2)]).toEqual([{ ...from, localPref: 2, med: 2 }, null])
    failing = true
    draft.begin(octetsOf(from), NOBODY)
    const again = gate.resume(number, draft)
    const untouched = { ...from, host: 2 }
    expect(pass(again, 5)).toEqual(onError === 'reject' ? null : from)
    expect(pass(again, 2)).toEqual(onError === 'accept' ? untouched : null)
  },
)
