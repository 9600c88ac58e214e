/** Policy modules of the operator's own in a configuration file: what is wrong with them is told with its place, and what is the same stays the same. */
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, expect, test } from 'vitest'
import { checkFile } from '../../src/config/check-file.ts'
import { type Configuration, loadConfiguration } from '../../src/config/configuration.ts'
import { formatProblem } from '../../src/config/file/problem.ts'
import { endModules, isLoaded, NO_MODULES } from '../../src/config/policies/own-modules.ts'
import { folderOf } from '../sandbox/written.ts'

const NVA = 'nva: { name: ams-1, domain: ams, asn: 65001, routerId: 192.0.2.1 }\nvns: { web: { vni: 10100 } }\n'
const USED =
  'policies: { p: [{ name: a, match: { own: { mine: x } }, then: reject }], q: [{ name: b, then: accept }] }\npeers: { leaf: { address: 192.0.2.11, import: [p, q] } }\n'
const NAMED = 'policyModules: { mine: { file: mine.ts } }\n'
const MINE =
  "import { word } from './words.ts'\nexport default { looksAt: 'attributes', argument: (typed, here) => { if (typed !== word) throw new Error(word + ' is all of ' + here.vns[0].name) }, match: () => true }\n"

let running: Configuration[] = []
afterEach(() => {
  for (const { modules } of running) endModules(modules, NO_MODULES)
  running = []
})

function folder(files: Readonly<Record<string, string>> = {}): { file: string; write: (name: string, text: string) => void } {
  const path = folderOf({ 'ams.yaml': NVA + USED + NAMED, 'mine.ts': MINE, 'words.ts': "export const word: string = 'x'\n", ...files })
  return { file: join(path, 'ams.yaml'), write: (name, text) => writeFileSync(join(path, name), text) }
}

async function good(file: string, before?: Configuration): Promise<Configuration> {
  const checked = await loadConfiguration(file, before)
  if (!checked.ok) throw new Error(checked.problems.map(formatProblem).join('\n'))
  running.push(checked.configuration)
  return checked.configuration
}

async function problems(file: string, before?: Configuration): Promise<string[]> {
  const checked = await loadConfiguration(file, before)
  const path = file.replace('ams.yaml', '')
  return checked.ok ? [] : checked.problems.map((one) => formatProblem(one).replaceAll(path, ''))
}

const modulesOf = ({ modules }: Configuration) => modules.get('mine')
const policy = ({ compiled }: Configuration, name: string) => compiled.policies.find((one) => one.name === name)

test('a file that cannot be loaded is told where it is named, with its own line', async () => {
  const { file, write } = folder({ 'mine.ts': 'const a = 1\nenum B { c }\n' })
  expect(await problems(file)).toEqual([
    'ams.yaml:5:32: policyModules.mine.file: found mine.ts, which cannot be loaded: SyntaxError: TypeScript enum is not supported in strip-only mode (mine.ts:2), expected a file that Node can import',
  ])
  write('ams.yaml', NVA + USED + NAMED.replace('mine.ts', 'nowhere.ts'))
  expect(await problems(file)).toEqual([
    'ams.yaml:5:32: policyModules.mine.file: found nowhere.ts, which cannot be read, expected a file of TypeScript or JavaScript',
  ])
})

test('an argument that it does not take is told where it is typed, with what the module says', async () => {
  const { file } = folder({ 'ams.yaml': NVA + USED.replace('mine: x', 'mine: y') + NAMED })
  expect(await problems(file)).toEqual([
    'ams.yaml:3:50: policies.p[0].match.own.mine: found "y", expected an argument that mine takes: Error: x is all of web (mine.ts:2)',
  ])
})

test('a part that it does not have', async () => {
  const { file } = folder({ 'ams.yaml': NVA + USED.replace('match: {', 'set: {') + NAMED })
  expect(await problems(file)).toEqual([
    'ams.yaml:3:48: policies.p[0].set.own.mine: found mine, which has no set, expected a module with a set: mine.ts has none',
  ])
})

test('read again, it is the same module and the same policy', async () => {
  const { file } = folder()
  const before = await good(file)
  const after = await good(file, before)
  expect(isLoaded(modulesOf(after))).toBe(true)
  expect(modulesOf(after)).toBe(modulesOf(before))
  expect([policy(after, 'p') === policy(before, 'p'), policy(after, 'q') === policy(before, 'q')]).toEqual([true, true])
})

test.each([
  ['its file', 'mine.ts', `// another\n${MINE}`],
  ['what it imports', 'words.ts', "export const word: string = 'x' // another\n"],
  ['its settings', 'ams.yaml', NVA + USED + NAMED.replace(' }', ', onError: accept }')],
])('when %s has changed it is another one, and the policies that ask it are too, but no others', async (_, name, text) => {
  const { file, write } = folder()
  const before = await good(file)
  write(name, text)
  const after = await good(file, before)
  expect(modulesOf(after)).not.toBe(modulesOf(before))
  expect([policy(after, 'p') === policy(before, 'p'), policy(after, 'q') === policy(before, 'q')]).toEqual([false, true])
})

test('what it is told of the VNs counts for its policy', async () => {
  const { file, write } = folder()
  const before = await good(file)
  write('ams.yaml', NVA.replace('10100', '10101') + USED + NAMED)
  const after = await good(file, before)
  expect(modulesOf(after)).toBe(modulesOf(before))
  expect(policy(after, 'p')).not.toBe(policy(before, 'p'))
})

test('a file that is refused leaves what runs as it is', async () => {
  const { file, write } = folder()
  const before = await good(file)
  write('ams.yaml', `${NVA}${USED.replace('mine: x', 'mine: y')}${NAMED}`)
  expect(await problems(file, before)).toHaveLength(1)
  write('mine.ts', 'throw 1')
  expect(await problems(file, before)).toHaveLength(1)
  const mine = modulesOf(before)
  expect(
    isLoaded(mine) &&
      typeof mine.thread.take('x', {
        asn: 1,
        routerId: '',
        address: null,
        vns: [{ name: 'web', vni: 1, importTargets: [], exportTargets: [] }],
      }),
  ).toBe('number')
})

test('fednva check tells the same', async () => {
  const { file, write } = folder()
  expect(await checkFile(file)).toMatchObject({ ok: true })
  write('mine.ts', 'export default 3')
  expect(await checkFile(file)).toMatchObject({ ok: false })
})
