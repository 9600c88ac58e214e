import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
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
