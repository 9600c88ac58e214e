/** What a module of the operator's own may do, and what it can not do to the daemon. */
import { readFileSync, writeFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import type { RouteView } from '../../src/policy/modules/module.ts'
import type { Failure } from '../../src/policy/own/runner.ts'
import type { ModuleThread } from '../../src/sandbox/module-thread.ts'
import { captured, withAttributes } from '../policy/modules/route.ts'
import { BUDGET_MS, HERE, tried, written } from './written.ts'

const ROUTE = captured('gobgpd-ibgp-macadv-2labels-rmac-1')
const MARKED = withAttributes(ROUTE, { communities: ['65000:7001'] })

test('a match answers for each route and each argument, and hears of who sent it', async () => {
  const { thread, argument } = await written(
    "looksAt: 'attributes', match: (route, mark) => route.communities.includes(mark) && route.peer.name === 'leaf1'",
    '65000:7001',
  )
  const other = thread.take('65000:7002', HERE)
  expect([MARKED, ROUTE, MARKED].map((route) => thread.match(argument, route))).toEqual([true, false, true])
  expect(thread.match(other as number, MARKED)).toBe(false)
  expect(thread.match(argument, { ...MARKED, origin: { ...MARKED.origin, name: 'leaf2' } })).toBe(false)
})

test('a set says what it wants, in the order of its calls', async () => {
  const { thread, argument } = await written(
    "looksAt: 'route', set: (route, changes) => { changes.med(7); changes.vniRouteTargets({ add: `65001:{vni}` }) }",
  )
  expect(JSON.parse(thread.set(argument, ROUTE) as string)).toEqual([
    ['med', 7],
    ['vniRouteTargets', { add: '65001:{vni}' }],
  ])
})

test('one that throws, or returns what is no answer, has failed, with the line of the file', async () => {
  const throwing = await written("looksAt: 'attributes',\nmatch(route) {\n  throw new RangeError('no such thing')\n}")
  expect(throwing.thread.match(throwing.argument, ROUTE)).toEqual({
    failed: 'error',
    why: expect.stringMatching(/^RangeError: no such thing \(\/.*mine\.ts:5\)$/),
  })
  const odd = await written("looksAt: 'attributes', match: () => 3")
  expect(odd.thread.match(odd.argument, ROUTE)).toMatchObject({ why: 'TypeError: match has returned 3, expected true or false' })
  const later = await written("looksAt: 'attributes', match: async () => true")
  expect(later.thread.match(later.argument, ROUTE)).toMatchObject({
    why: 'TypeError: match has returned a promise, expected true or false',
  })
  const throwsText = await written("looksAt: 'attributes', match: () => { throw 'text' }")
  expect(throwsText.thread.match(throwsText.argument, ROUTE)).toEqual({ failed: 'error', why: 'threw text' })
})

test('one that looks at attributes sees no single route', async () => {
  const { thread, argument } = await written("looksAt: 'attributes', match: (route) => route.mac === null")
  expect(thread.match(argument, ROUTE)).toMatchObject({ failed: 'error', why: expect.stringContaining("looksAt: 'attributes'") })
})

test('one that never ends is ended, and answers the next route, with the argument it had', async () => {
  const { thread, argument } = await written(
    "looksAt: 'attributes', match: (route, wanted) => { while (route.communities.length > 0); return wanted === 'mine' }",
    'mine',
  )
  const before = performance.now()
  expect(thread.match(argument, MARKED)).toEqual({
    failed: 'overrun',
    why: `did not come back within ${BUDGET_MS + 1000} ms, and was ended`,
  })
  expect(performance.now() - before).toBeLessThan(5000)
  expect(thread.match(argument, ROUTE)).toBe(true)
})

test('one that takes longer than its budget has overrun it, though it answers', async () => {
  const { thread, argument } = await written(
    `looksAt: 'attributes', match: () => { const from = process.threadCpuUsage(); for (;;) { const { user, system } = process.threadCpuUsage(from); if (user + system > ${BUDGET_MS + 5} * 1000) break } return true }`,
  )
  expect(thread.match(argument, ROUTE)).toMatchObject({
    failed: 'overrun',
    why: expect.stringMatching(new RegExp(`^took .* ms, and may take ${BUDGET_MS}$`)),
  })
})

test('what takes long without computing is not late, as long as it comes back', async () => {
  const { thread, argument } = await written(
    `looksAt: 'attributes', match: () => Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ${BUDGET_MS + 20}) === 'timed-out'`,
  )
  expect(thread.match(argument, ROUTE)).toBe(true)
})

test('one that ends its process ends its thread alone', async () => {
  const { thread, argument } = await written(
    "looksAt: 'attributes', match: (route) => route.communities.length > 0 ? process.exit(3) : true",
  )
  expect(thread.match(argument, MARKED)).toEqual({ failed: 'error', why: 'the module has ended its thread' })
  expect(thread.match(argument, ROUTE)).toBe(true)
})

test('one that was ended is begun again as it was, and not as its file is by now', async () => {
  const { thread, argument } = await written(
    "looksAt: 'attributes', match: (route) => { while (route.communities.length > 0); return true }",
  )
  const [file] = thread.files
  expect(thread.match(argument, MARKED)).toMatchObject({ failed: 'overrun' })
  const { path } = file!
  const text = readFileSync(path, 'utf8')
  writeFileSync(path, `${text}// more`)
  const why = 'was ended, and its file is another one by now: reload'
  expect([thread.match(argument, ROUTE), thread.match(argument, ROUTE)]).toEqual([
    { failed: 'error', why },
    { failed: 'error', why },
  ])
})

test('one that was ended and cannot be begun again fails at once from then on', async () => {
  const { thread, argument } = await written("looksAt: 'attributes', match: () => process.exit()")
  thread.match(argument, ROUTE)
  writeFileSync(thread.files[0]!.path, 'await new Promise((resolve) => setTimeout(resolve, 60_000))')
  expect(thread.match(argument, ROUTE)).toMatchObject({ failed: 'error', why: 'was ended, and does not start again within 2000 ms' })
  const before = performance.now()
  for (let i = 0; i < 100; i++) thread.match(argument, ROUTE)
  expect(performance.now() - before).toBeLessThan(1000)
})

test('one that takes all memory is ended, and no more than it', async () => {
  const { thread, argument } = await written(
    "looksAt: 'attributes', match: (route) => { const all = []; while (route.communities.length > 0) all.push(new Array(10000).fill(all.length)); return true }",
  )
  expect(thread.match(argument, MARKED)).toMatchObject({ failed: 'overrun' })
  expect(thread.match(argument, ROUTE)).toBe(true)
})

test('what it keeps from call to call is gone when it is begun again, and nobody else has it', async () => {
  const members = "looksAt: 'attributes', match: () => { globalThis.seen = (globalThis.seen ?? 0) + 1; return globalThis.seen === 1 }"
  const [one, other] = [await written(members), await written(members)]
  expect([one, one, other].map(({ thread, argument }) => thread.match(argument, ROUTE))).toEqual([true, false, true])
  expect(Reflect.has(globalThis, 'seen')).toBe(false)
})

test('what it writes to its console is handed on, so many lines a second', async () => {
  const { thread, argument } = await written("looksAt: 'attributes', match: () => { console.log('seen', { n: 1 }); return true }")
  const said: string[] = []
  thread.onSaid = (text) => said.push(text)
  for (let i = 0; i < 15; i++) thread.match(argument, ROUTE)
  await new Promise((resolve) => setTimeout(resolve, 100))
  expect(said[0]).toBe('seen {"n":1}')
  expect(said.length).toBeLessThanOrEqual(20)
  expect(said.length).toBeGreaterThanOrEqual(10)
})

test('an argument that it throws on is not taken', async () => {
  const { thread } = await written(
    "looksAt: 'attributes', argument: (typed, here) => { if (typed === 'no') throw new Error('not in ' + here.asn) }, match: () => true",
  )
  expect(thread.take('no', HERE)).toMatchObject({ failed: 'error', why: expect.stringContaining('Error: not in 65001') })
})

test('after its end it says so', async () => {
  const { thread, argument } = await written("looksAt: 'attributes', match: () => true")
  thread.close()
  expect(thread.match(argument, ROUTE)).toEqual({ failed: 'error', why: 'another version of the module has taken its place' })
})

test('a file with types, and what it imports, is loaded from any folder', async () => {
  const thread = await tried(
    "import { mark } from './marks.ts'\nexport default { looksAt: 'attributes', match: (): boolean => mark === 1 }",
    'mine.ts',
    {
      'marks.ts': 'export const mark: number = 1',
    },
  )
  expect(thread).toMatchObject({ nature: { looksAt: 'attributes', match: true, set: false } })
  expect('files' in thread && thread.files.map(({ path }) => path.replace(/.*\//, ''))).toEqual(['mine.ts', 'marks.ts'])
})

const LOADABLE = 'a file that Node can import'
test.each([
  ['mine.ts', 'const a = 1\nenum X { a }\n', 'SyntaxError: TypeScript enum is not supported in strip-only mode (mine.ts:2)', LOADABLE],
  ['mine.ts', 'const a = 1\nexport default { a:\n', 'SyntaxError: Expression expected (mine.ts:2)', LOADABLE],
  ['mine.mjs', 'const a = 1\nexport default { a:: 1 }\n', "SyntaxError: Unexpected token ':' (mine.mjs:2)", LOADABLE],
  ['mine.ts', "\n\nthrow new TypeError('no good')\nexport default {}", 'TypeError: no good (mine.ts:3)', LOADABLE],
  ['mine.ts', "import './nope.ts'\n", "Error: Cannot find module 'nope.ts' imported from mine.ts", LOADABLE],
  ['mine.ts', 'process.exit(1)\n', 'the module has ended its thread', LOADABLE],
])('%s that cannot be loaded is told with its line: %#', async (name, text, why, expected) => {
  expect(await tried(text, name)).toEqual({ found: `${name}, which cannot be loaded: ${why}`, expected })
})

test.each([
  ['export const a = 1', 'has no default export', 'export default defineModule({ looksAt, match or set })'],
  ['export default 3', 'exports a number by default', 'export default defineModule({ looksAt, match or set })'],
  ["export default { looksAt: 'routes' }", 'has the looksAt "routes"', 'looksAt: "attributes" or "route"'],
  ["export default { looksAt: 'route' }", 'has neither a match nor a set', 'match, set or both'],
  ["export default { looksAt: 'route', match: true }", 'has a match that is a boolean', 'a function match'],
  ["export default { looksAt: 'route', mach: () => true }", 'has a member mach', 'nothing but looksAt, argument, match, set'],
])('a file that exports something else is told what is wrong: %#', async (text, found, expected) => {
  expect(await tried(text)).toEqual({ found: `mine.ts, which ${found}`, expected })
})

/** Routes that differ in their communities. */
const marked = (...marks: readonly number[]) => marks.map((mark) => withAttributes(ROUTE, { communities: [`65000:${mark}`] }))

/** All that is answered about routes in one go and again about what is left. */
function each(thread: ModuleThread, part: 'match' | 'set', argument: number, routes: readonly RouteView[]) {
  for (const route of routes) expect(thread.note(route)).toBe(true)
  const rounds: (readonly (boolean | string | Failure)[])[] = []
  for (let first = 0; first < thread.noted; first += rounds.at(-1)!.length) rounds.push(thread.answers(part, argument, first))
  thread.forget()
  return rounds
}

test('many routes are asked about in one go, each as it would be alone', async () => {
  const { thread, argument } = await written(
    "looksAt: 'route', match: (route, mark) => route.communities[0] === mark, set: (route, changes) => { if (route.communities[0] !== '65000:1') changes.med(route.vnis[0]) }",
    '65000:2',
  )
  const routes = marked(1, 2, 2, 1, 3)
  expect(each(thread, 'match', argument, routes)).toEqual([routes.map((route) => thread.match(argument, route))])
  expect(each(thread, 'match', argument, routes)).toEqual([[false, true, true, false, false]])
  const [wanted] = each(thread, 'set', argument, routes)
  expect(wanted).toEqual(routes.map((route) => thread.set(argument, route)))
  expect(wanted?.slice(0, 2)).toEqual(['', expect.stringMatching(/^\[\["med",\d+\]\]$/)])
})

test('as many as there is room for are asked about in one go', async () => {
  const { thread, argument } = await written("looksAt: 'route', set: (route, changes) => changes.communities({ add: '65000:1' })")
  let noted = 0
  while (thread.note(ROUTE)) noted++
  expect([noted > 50, thread.noted]).toEqual([true, noted])
  expect(thread.answers('set', argument, 0)).toHaveLength(noted)
  expect(thread.answers('set', argument, noted - 1)).toHaveLength(1)
})

test('of many routes each costs its own failure alone: one that throws, one that takes long, one that never ends, one that ends the thread', async () => {
  const { thread, argument } = await written(
    `looksAt: 'route', match(route) {
      const mark = route.communities[0]
      if (mark === '65000:2') throw new Error('no')
      if (mark === '65000:3') { const from = process.threadCpuUsage(); for (;;) { const { user, system } = process.threadCpuUsage(from); if (user + system > ${BUDGET_MS + 5} * 1000) break } }
      if (mark === '65000:4') for (;;);
      if (mark === '65000:5') process.exit()
      return true
    }`,
  )
  const rounds = each(thread, 'match', argument, marked(1, 2, 1, 3, 1, 4, 1, 5, 1, 1))
  expect(rounds).toEqual([
    [true, { failed: 'error', why: expect.stringMatching(/^Error: no /) }],
    [true, { failed: 'overrun', why: expect.stringMatching(/^took .* ms, and may take 20$/) }],
    [true, { failed: 'overrun', why: expect.stringContaining('did not come back') }],
    [true, { failed: 'error', why: 'the module has ended its thread' }],
    [true, true],
  ])
})

test('an answer for which there is no room is one of the next round, and one that never fits has failed', async () => {
  const { thread, argument } = await written(
    `looksAt: 'route', set: (route, changes) => { changes.communities({ add: 'x'.repeat(route.communities[0] === '65000:9' ? 400_000 : 150_000) }) }`,
  )
  const rounds = each(thread, 'set', argument, marked(1, 1, 1, 9, 1))
  expect(rounds.map((round) => round.map((one) => (typeof one === 'string' ? one.length > 150_000 : one)))).toEqual([
    [true, true],
    [true],
    [{ failed: 'error', why: expect.stringContaining('which are more than fit') }],
    [true],
  ])
})
