import { execFile } from 'node:child_process'
import { cpSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { expect, test } from 'vitest'
import { loadConfiguration } from '../../src/config/configuration.ts'
import { languageInPieces } from '../../src/config/policies/language-in-pieces.ts'
import * as language from '../../src/config/policies/policy-language.ts'
import { folderOf } from '../sandbox/written.ts'

test('loaded in pieces it is the same language, and others have their turn between them', async () => {
  let turns = 0
  let ended = false
  const count = (): void => {
    turns++
    if (!ended) setImmediate(count)
  }
  setImmediate(count)
  const { compilePolicy, configurationFile } = await languageInPieces()
  ended = true
  expect([compilePolicy, configurationFile]).toEqual([language.compilePolicy, language.configurationFile])
  // One piece for each module at least.
  expect(turns).toBeGreaterThan(44)
})

test('a language that could not be loaded is tried again when somebody needs it again', async () => {
  const folder = folderOf({
    'try.ts': `
import { renameSync } from 'node:fs'
import { languageInPieces } from './src/config/policies/language-in-pieces.ts'
renameSync('src/policy/modules/set', 'away')
const failure = await languageInPieces().then(() => null, ({ code }) => code)
renameSync('away', 'src/policy/modules/set')
const [first, second] = [languageInPieces(), languageInPieces()]
console.log(JSON.stringify([failure, Object.keys(await first).sort(), first === second]))
`,
  })
  const at = (path: string) => fileURLToPath(new URL(`../../${path}`, import.meta.url))
  cpSync(at('src'), join(folder, 'src'), { recursive: true })
  symlinkSync(at('node_modules'), join(folder, 'node_modules'))
  symlinkSync(at('package.json'), join(folder, 'package.json'))
  const { stdout } = await promisify(execFile)(process.execPath, ['try.ts'], { cwd: folder })
  expect(JSON.parse(stdout)).toEqual(['ENOENT', ['compilePolicy', 'configurationFile'], true])
})

test('a file with policies beside a configuration that has none is judged as it is at a start', async () => {
  const nva = 'nva: { name: ams-1, domain: ams, asn: 65001, routerId: 192.0.2.1 }\n'
  const folder = folderOf({ 'ams.yaml': nva })
  const path = join(folder, 'ams.yaml')
  const running = await loadConfiguration(path)
  if (!running.ok) throw new Error('not read')
  for (const vni of ['10000-10019', 'ten']) {
    writeFileSync(path, `${nva}policies: { p: [{ name: a, match: { vni: "${vni}" }, then: accept }] }\n`)
    const [beside, alone] = [await loadConfiguration(path, running.configuration), await loadConfiguration(path)]
    expect(beside.ok).toBe(vni !== 'ten')
    expect('problems' in beside && beside.problems).toEqual('problems' in alone && alone.problems)
  }
})
