/** The door `fednva/policy`: built, it types a module outside of the package, and the worked example of docs/policy.md does what the page says. */
import { execFileSync } from 'node:child_process'
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { loadConfiguration } from '../../../src/config/configuration.ts'
import { formatProblem } from '../../../src/config/file/problem.ts'
import { endModules, NO_MODULES } from '../../../src/config/policies/own-modules.ts'

const root = new URL('../../../', import.meta.url).pathname
const manifest = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { exports: Record<string, Record<string, string>> }
const page = readFileSync(join(root, 'docs/policy.md'), 'utf8')
/** Blocks of the page that begin with the name of a file. */
const written = new Map(
  [...page.matchAll(/```(?:ts|yaml)\n(?:\/\/|#) (\S+\.(?:ts|yaml))\b[^\n]*\n(.*?)```/gs)].map(([, name, text]) => [name!, text!]),
)

let folder = ''
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'fednva-door-'))
  const installed = join(folder, 'node_modules/fednva')
  mkdirSync(installed, { recursive: true })
  execFileSync(join(root, 'node_modules/.bin/tsc'), ['-p', join(root, 'tsconfig.build.json'), '--outDir', join(installed, 'dist')], {
    cwd: root,
  })
  cpSync(join(root, 'package.json'), join(installed, 'package.json'))
  writeFileSync(join(folder, 'package.json'), '{ "type": "module" }')
  symlinkSync(join(root, 'node_modules'), join(installed, 'node_modules'))
}, 120_000)
afterAll(() => rmSync(folder, { recursive: true }))

/** What the compiler says of files outside of the package, with the types of nothing else: by file, one line each. */
function compiled(files: Readonly<Record<string, string>>): Record<string, string> {
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text)
  const options = [
    '--noEmit',
    '--strict',
    '--module',
    'nodenext',
    '--target',
    'es2024',
    '--erasableSyntaxOnly',
    '--verbatimModuleSyntax',
    '--types',
    '',
  ]
  let said = ''
  try {
    execFileSync(join(root, 'node_modules/.bin/tsc'), [...options, ...Object.keys(files)], { cwd: folder, encoding: 'utf8' })
  } catch (error) {
    said = String((error as { stdout?: unknown }).stdout)
  }
  const of = (name: string) => said.split('\n').filter((line) => line.startsWith(`${name}(`))
  return Object.fromEntries(Object.keys(files).map((name) => [name, of(name).join('\n')]))
}

describe('the library door fednva/policy', () => {
  test('is told to Node and to TypeScript in the manifest', () => {
    expect(manifest.exports['./policy']).toEqual({ types: './dist/policy/own/index.d.ts', default: './dist/policy/own/index.js' })
  })

  test('types a module outside of the package, and tells what is wrong in one', () => {
    const module = (members: string) => `import { defineModule } from 'fednva/policy'\nexport default defineModule({ ${members} })\n`
    const said = compiled({
      'mark.ts': readFileSync(join(root, 'configs/policy/region-mark.ts'), 'utf8'),
      'vendor.ts': written.get('vendor.ts') ?? 'not there',
      'types.ts': "import type { RouteSeen } from 'fednva/policy'\nexport const mac = (route: RouteSeen): string | null => route.mac\n",
      'a.ts': module("looksAt: 'attributes', match: (route) => route.mac === null"),
      'b.ts': module("looksAt: 'route', match: (route) => route.mac"),
      'c.ts': module("looksAt: 'route', set: (route, changes) => { route.localPref = 7 }"),
      'd.ts': module("looksAt: 'route', set: (_, changes) => changes.localPref({})"),
      'e.ts': module("looksAt: 'attributes', set: (_, changes) => changes.vniRouteTargets({ add: '1:{vni}' })"),
      'f.ts': module("looksAt: 'route', argument: (typed) => Number(typed), match: (route, most) => most.length === 3"),
    })
    expect(said).toEqual({
      'mark.ts': '',
      'vendor.ts': '',
      'types.ts': '',
      'a.ts': expect.stringContaining("Property 'mac' does not exist"),
      'b.ts': expect.stringContaining('is not assignable'),
      'c.ts': expect.stringContaining('read-only'),
      'd.ts': expect.stringContaining('is not assignable'),
      'e.ts': expect.stringContaining("Property 'vniRouteTargets' does not exist"),
      'f.ts': expect.stringContaining("Property 'length' does not exist"),
    })
  })

  test('is there for programs that run', () => {
    writeFileSync(join(folder, 'run.mjs'), "import { defineModule } from 'fednva/policy'\nconsole.log(typeof defineModule)\n")
    expect(execFileSync(process.execPath, ['run.mjs'], { cwd: folder, encoding: 'utf8' })).toBe('function\n')
  })

  test('a module runs from what was built as well', () => {
    const program = `import { ModuleThread } from '${join(folder, 'node_modules/fednva/dist/sandbox/module-thread.js')}'
const thread = await ModuleThread.load('${join(root, 'configs/policy/region-mark.ts')}', 10)
console.log(JSON.stringify(thread.nature))
`
    writeFileSync(join(folder, 'thread.mjs'), program)
    expect(execFileSync(process.execPath, ['thread.mjs'], { cwd: folder, encoding: 'utf8' })).toBe(
      '{"looksAt":"attributes","match":true,"set":true}\n',
    )
  })
})

test('the worked example of docs/policy.md is a good configuration', async () => {
  expect([...written.keys()].sort()).toEqual(['ams-1.yaml', 'vendor.ts'])
  for (const [name, text] of written) writeFileSync(join(folder, name), text)
  const checked = await loadConfiguration(join(folder, 'ams-1.yaml'))
  expect(checked.ok ? [] : checked.problems.map(formatProblem)).toEqual([])
  if (checked.ok) endModules(checked.configuration.modules, NO_MODULES)
})
