/** Policy modules of the operator's own in a running NVA: what they let through, what they change, how often they are asked, what their failures cost. */
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, expect, test } from 'vitest'
import { formatExplanation } from '../../src/cli/policy/policy-explain.ts'
import { endModules, isLoaded, type LoadedModules, loadModules, NO_MODULES } from '../../src/config/policies/own-modules.ts'
import { explanations } from '../../src/daemon/answers/explain.ts'
import type { OwnModule } from '../../src/policy/own/own-module.ts'
import { folderOf } from '../sandbox/written.ts'
import { LEAF_1, LEAF_2, PolicyStage } from './policy-stage.ts'
import { macRoute, type ScriptedPeer } from './scripted-peer.ts'

const TARGET = '65001:10100'
const mac = (n: number) => `02:00:00:00:00:${n.toString(16).padStart(2, '0')}`
const routes = (...numbers: number[]) => numbers.map((n) => macRoute(LEAF_1, mac(n)))
const heard = (peer: ScriptedPeer) => [...peer.table.keys()].map((route) => /\[48\]:\[([^\]]*)\]/.exec(route)?.[1] ?? route).sort()
const PEERS = `peers: { leaf1: { address: ${LEAF_1}, import: p }, leaf2: { address: ${LEAF_2} } }\n`

let loaded: LoadedModules[] = []
afterEach(() => {
  for (const one of loaded) endModules(one, NO_MODULES)
  loaded = []
})

/** An NVA whose import policy `p` has this term, then accepts the rest, and the module `mine` of these members. */
class Stage extends PolicyStage {
  readonly folder: string
  private terms: string
  private options: string
  private modules: LoadedModules

  private constructor(folder: string, terms: string, options: string, modules: LoadedModules) {
    super(textOf(terms, options), 1, modules)
    this.folder = folder
    this.terms = terms
    this.options = options
    this.modules = modules
  }

  static async of(members: string, terms: string, options = ''): Promise<Stage> {
    const folder = folderOf({ 'mine.ts': moduleOf(members) })
    return new Stage(folder, terms, options, await load(folder, terms, options, NO_MODULES))
  }

  get module(): OwnModule {
    const mine = this.modules.get('mine')
    if (!isLoaded(mine)) throw new Error('not loaded')
    return mine.module
  }

  async again(members: string | null): Promise<void> {
    if (members !== null) writeFileSync(join(this.folder, 'mine.ts'), moduleOf(members))
    this.modules = await load(this.folder, this.terms, this.options, this.modules)
    this.reload(textOf(this.terms, this.options), 500, this.modules)
  }
}

const moduleOf = (members: string) => `import { defineModule } from 'fednva/policy'\nexport default defineModule({ ${members} })\n`
const textOf = (terms: string, options: string) =>
  `policies: { p: [${terms}, { name: rest, then: accept }] }\npolicyModules: { mine: { file: mine.ts${budgeted(options)} } }\n${PEERS}`
/** The most there is, unless the test says: the machine may be busy. */
const budgeted = (options: string) => (options.includes('budget') ? options : `${options}, budget: 1000`)

async function load(folder: string, terms: string, options: string, running: LoadedModules): Promise<LoadedModules> {
  const modules = await loadModules(textOf(terms, options), join(folder, 'ams.yaml'), running)
  for (const one of modules.values()) if (!isLoaded(one)) throw new Error(`${one.found}: ${one.expected}`)
  loaded.push(modules)
  return modules
}

const MATCH = '{ name: a, match: { own: { mine: x } }, then: reject }'
const SET = '{ name: a, set: { own: { mine: x } } }'

test('a match by attributes is asked once for all routes of an attribute set', async () => {
  const stage = await Stage.of("looksAt: 'attributes', match: (route) => route.med === 7", MATCH)
  const [leaf1, leaf2] = [stage.join(LEAF_1), stage.join(LEAF_2)]
  leaf1.announce(routes(1, 2, 3, 4, 5), [TARGET], { med: 7 })
  leaf1.announce(routes(6, 7, 8), [TARGET])
  stage.settle()
  leaf1.announce(routes(9), [TARGET])
  stage.settle()
  expect(heard(leaf2)).toEqual([mac(6), mac(7), mac(8), mac(9)])
  expect(stage.refused(LEAF_1)).toEqual({ policy: 5 })
  expect(stage.module).toMatchObject({ calls: 2, errors: 0, overruns: 0 })
  expect(stage.hits('p')).toEqual({ a: 5, rest: 4 })
})

test('a match by route is asked for each', async () => {
  const stage = await Stage.of("looksAt: 'route', match: (route) => Number.parseInt(route.mac.slice(-1), 16) % 2 === 1", MATCH)
  const [leaf1, leaf2] = [stage.join(LEAF_1), stage.join(LEAF_2)]
  leaf1.announce(routes(1, 2, 3, 4), [TARGET])
  stage.settle()
  expect(heard(leaf2)).toEqual([mac(2), mac(4)])
  expect(stage.module.calls).toBe(4)
})

test('routes of one UPDATE are asked about in one go, and each fares as it would alone', async () => {
  const members =
    "looksAt: 'route', match: (route) => { const n = Number.parseInt(route.mac.slice(-2), 16); if (n % 7 === 3) throw new Error('three'); return n % 2 === 1 }, set: (route, changes) => changes.localPref(Number.parseInt(route.mac.slice(-2), 16))"
  const terms =
    '{ name: first, match: { mac: "02:00:00:00:00:05" }, then: accept }, { name: a, match: { own: { mine: x } }, set: { own: { mine: x } } }, { name: b, match: { own: { mine: x } }, then: accept }'
  const numbers = Array.from({ length: 40 }, (_, i) => i)
  const fared = async (...updates: number[][]) => {
    const stage = await Stage.of(members, terms)
    const [leaf1, leaf2] = [stage.join(LEAF_1), stage.join(LEAF_2)]
    for (const update of updates) leaf1.announce(routes(...update), [TARGET])
    stage.settle()
    const told = numbers.map((n) => leaf2.announced(mac(n))?.localPref ?? null)
    return {
      told,
      order: [...leaf2.table.keys()].sort(),
      hits: stage.hits('p'),
      refused: stage.refused(LEAF_1),
      calls: stage.module.calls,
      errors: stage.module.errors,
    }
  }
  const together = await fared(numbers)
  expect(together).toEqual(await fared(...numbers.map((n) => [n])))
  expect(together.told.slice(0, 7)).toEqual([100, 1, 100, null, 100, 100, 100])
  expect(together.errors).toBe(6)
})

test('a set changes what goes on the wire, by attributes and by route', async () => {
  const stage = await Stage.of(
    "looksAt: 'route', set: (route, changes) => { changes.localPref(Number(route.mac.slice(-1)) * 100); changes.communities({ add: '65001:' + route.vnis[0] }); changes.vni({ 10100: 20100 }) }",
    SET,
  )
  const [leaf1, leaf2] = [stage.join(LEAF_1), stage.join(LEAF_2)]
  leaf1.announce(routes(1, 2), [TARGET])
  stage.settle()
  expect([1, 2].map((n) => leaf2.announced(mac(n)))).toMatchObject([
    { localPref: 100, communities: ['65001:10100'] },
    { localPref: 200, communities: ['65001:10100'] },
  ])
  expect(leaf2.routes().map(({ vni1 }) => vni1)).toEqual([20100, 20100])
})

test.each([
  ['reject', []],
  ['accept', [mac(1)]],
  ['next', [mac(1)]],
] as const)('an exception costs the route what is said for it: %s', async (onError, told) => {
  const stage = await Stage.of(
    "looksAt: 'attributes', match: (route) => { if (route.med === 7) throw new Error('seven'); return true }",
    MATCH,
    `, onError: ${onError}`,
  )
  const [leaf1, leaf2] = [stage.join(LEAF_1), stage.join(LEAF_2)]
  leaf1.announce(routes(1), [TARGET], { med: 7 })
  leaf1.announce(routes(2), [TARGET], { med: 8 })
  stage.settle()
  expect(heard(leaf2)).toEqual(told)
  expect(stage.module).toMatchObject({ calls: 2, errors: 1, lastFailure: expect.stringMatching(/^Error: seven \(.*mine\.ts:2\)$/) })
  expect(stage.hits('p')).toEqual({ a: 1, rest: onError === 'next' ? 1 : 0 })
})

test('a set that fails has changed nothing, nor has the rest of its term', async () => {
  const stage = await Stage.of(
    "looksAt: 'attributes', set: (route, changes) => { changes.med(9); if (route.med === 7) throw new Error('seven') }",
    '{ name: a, set: { localPref: 300, own: { mine: x } } }',
    ', onError: next',
  )
  const [leaf1, leaf2] = [stage.join(LEAF_1), stage.join(LEAF_2)]
  leaf1.announce(routes(1), [TARGET], { med: 7 })
  leaf1.announce(routes(2), [TARGET], { med: 8 })
  stage.settle()
  expect([1, 2].map((n) => leaf2.announced(mac(n)))).toMatchObject([
    { localPref: 100, med: 7 },
    { localPref: 300, med: 9 },
  ])
})

test('what a set wants and what cannot be is an error, and nothing of it goes out', async () => {
  const stage = await Stage.of("looksAt: 'attributes', set: (_, changes) => changes.communities({ add: '70000:70000' })", SET)
  const [leaf1, leaf2] = [stage.join(LEAF_1), stage.join(LEAF_2)]
  leaf1.announce(routes(1), [TARGET])
  stage.settle()
  expect(heard(leaf2)).toEqual([])
  expect(stage.module.lastFailure).toContain('changes.communities({"add":"70000:70000"})')
})

test('an endless loop costs the routes it was asked about, and sessions and other routes go on', async () => {
  const stage = await Stage.of("looksAt: 'attributes', match: (route) => { while (route.med === 7); return false }", MATCH)
  const [leaf1, leaf2] = [stage.join(LEAF_1), stage.join(LEAF_2)]
  leaf1.announce(routes(1, 2, 3), [TARGET], { med: 7 })
  leaf1.announce(routes(4), [TARGET])
  stage.settle()
  expect(heard(leaf2)).toEqual([mac(4)])
  expect([leaf1.closed, leaf2.closed]).toEqual([null, null])
  expect(stage.module).toMatchObject({ calls: 2, overruns: 1, off: false })
})

test('one that is always late is switched off; a reload with a better one judges all routes again', async () => {
  const stage = await Stage.of(
    "looksAt: 'route', match: () => { const from = process.threadCpuUsage(); for (;;) { const { user, system } = process.threadCpuUsage(from); if (user + system > 8000) break } return false }",
    MATCH,
    ', budget: 2',
  )
  const [leaf1, leaf2] = [stage.join(LEAF_1), stage.join(LEAF_2)]
  leaf1.announce(routes(1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12), [TARGET])
  stage.settle()
  expect(heard(leaf2)).toEqual([])
  expect(stage.module).toMatchObject({ off: true, overruns: 10, calls: 10, spared: 2 })
  await stage.again("looksAt: 'route', match: (route) => route.mac.endsWith('1')")
  expect(heard(leaf2)).toHaveLength(11)
  expect(stage.module).toMatchObject({ off: false, calls: 12, overruns: 0 })
})

test('on a reload routes that share a set are asked about in one go, and all fare as they do when they come', async () => {
  const before = "looksAt: 'route', match: () => false"
  const after =
    "looksAt: 'route', match: (route) => { const n = Number.parseInt(route.mac.slice(-2), 16); if (n % 7 === 3) throw new Error('three'); return n % 2 === 1 }, set: (route, changes) => { const n = Number.parseInt(route.mac.slice(-2), 16); changes.localPref(n); if (n % 5 === 0) changes.vni({ 10100: 20000 + n }) }"
  const terms =
    '{ name: a, match: { own: { mine: x } }, set: { own: { mine: x } } }, { name: b, match: { own: { mine: x }, vni: 10100 }, then: accept }'
  const fared = async (reloads: boolean) => {
    const stage = await Stage.of(reloads ? before.replace('match:', 'set: () => {}, match:') : after, terms)
    const [leaf1, leaf2] = [stage.join(LEAF_1), stage.join(LEAF_2)]
    leaf1.announce(routes(...Array.from({ length: 90 }, (_, n) => n)), [TARGET])
    leaf1.announce(routes(200, 201, 90), [TARGET], { med: 1 })
    // Of these there are two paths.
    leaf2.announce(
      routes(5, 6, 40).map((route) => ({ ...route })),
      [TARGET],
    )
    leaf1.announce(routes(202, 203, 204, 205), [TARGET])
    stage.settle()
    if (reloads) await stage.again(after)
    const { calls, errors, overruns } = stage.module
    return { told: [...leaf2.table], vnis: leaf2.routes(), refused: stage.refused(LEAF_1), counts: { calls, errors, overruns } }
  }
  const sorted = ({ told, vnis, ...rest }: Awaited<ReturnType<typeof fared>>) => ({
    told: told.map(([route, attributes]) => JSON.stringify([route, attributes.localPref ?? null])).sort(),
    vnis: vnis.map((route) => JSON.stringify(route)).sort(),
    ...rest,
  })
  const reloaded = sorted(await fared(true))
  expect(reloaded).toEqual(sorted(await fared(false)))
  expect(reloaded.counts.errors).toBeGreaterThan(10)
})

test('on a reload one that is the same and has not failed goes on, without asking again; one that has is asked anew', async () => {
  const stage = await Stage.of(
    "looksAt: 'attributes', match: (route) => { if (route.med === 7) throw new Error('seven'); return false }",
    MATCH,
  )
  const [leaf1, leaf2] = [stage.join(LEAF_1), stage.join(LEAF_2)]
  leaf1.announce(routes(1), [TARGET])
  stage.settle()
  const { module } = stage
  await stage.again(null)
  expect(stage.module).toBe(module)
  expect(module.calls).toBe(1)
  leaf1.announce(routes(2), [TARGET], { med: 7 })
  stage.settle()
  await stage.again(null)
  expect(stage.module).not.toBe(module)
  expect(stage.module).toMatchObject({ calls: 2, errors: 1 })
  expect(heard(leaf2)).toEqual([mac(1)])
  await stage.again("looksAt: 'attributes', match: () => false")
  expect(heard(leaf2)).toEqual([mac(1), mac(2)])
})

test('explain tells what it said, and what it failed on', async () => {
  const stage = await Stage.of(
    "looksAt: 'attributes', match: (route) => { if (route.med === 7) throw new Error('seven'); return true }",
    MATCH,
  )
  const leaf1 = stage.join(LEAF_1)
  leaf1.announce(routes(1), [TARGET], { med: 7 })
  leaf1.announce(routes(2), [TARGET])
  stage.settle()
  const query = { peer: 'leaf1', direction: 'import', type: null, rd: null, mac: null, ip: null, heldBackOnly: false } as const
  const texts = [...explanations(stage.nva, stage.world, query, null)].flatMap(({ row }) => row() ?? []).map(formatExplanation)
  expect(texts[0]).toMatch(
    /\n {4}\* p\/a: own\.mine failed \(Error: seven \(.*mine\.ts:2\)\), reject\n {2}reject: policy p, term a, of which own\.mine failed: Error: seven/,
  )
  expect(texts[1]).toContain('\n    * p/a: own.mine yes; matches, reject\n  reject: policy p, term a (not chosen)')
  const { rib } = stage.nva.speaker
  const found = [...Array(rib.destinations.capacity).keys()].flatMap((dest) => (rib.destinations.isLive(dest) ? [rib.firstRow(dest)] : []))
  const terms = found.map((row) => stage.nva.speaker.explain.import(row)?.trace.chains[0]?.terms[0])
  expect(terms).toMatchObject([
    {
      tests: [{ module: 'own.mine', held: 'failed' }],
      decided: 'reject',
      failure: { module: 'own.mine', why: expect.stringContaining('Error: seven') },
    },
    { tests: [{ module: 'own.mine', held: true }], decided: 'reject', failure: null },
  ])
})
