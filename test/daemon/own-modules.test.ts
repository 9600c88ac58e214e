/** What the log and the API tell of policy modules of the operator's own. */
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { modulesAnswer } from '../../src/api/schema/modules.ts'
import { endModules, isLoaded, loadModules, NO_MODULES } from '../../src/config/policies/own-modules.ts'
import { logModules, moduleRows } from '../../src/daemon/own-modules.ts'
import type { Logger } from '../../src/telemetry/logger.ts'
import { captured, environment } from '../policy/modules/route.ts'
import { folderOf } from '../sandbox/written.ts'

const ROUTE = captured('gobgpd-ibgp-macadv-2labels-rmac-1')

test('failures are told one in ten seconds with how many were not, a module that is switched off always, and all are counted', async () => {
  const busy =
    'const from = process.threadCpuUsage(); for (;;) { const { user, system } = process.threadCpuUsage(from); if (user + system > 2000) return true }'
  const file = `export default { looksAt: 'attributes', match: (route, late) => { if (!late) throw new Error('no'); ${busy} } }\n`
  const folder = folderOf({ 'mine.mjs': file })
  const modules = await loadModules('policyModules: { mine: { file: mine.mjs, onError: next, budget: 1 } }\n', join(folder, 'ams.yaml'))
  const mine = modules.get('mine')
  if (!isLoaded(mine)) throw new Error(mine?.found)
  const lines: [string, Record<string, unknown>, string][] = []
  const line = (level: string) => (fields: Record<string, unknown>, message: string) => lines.push([level, fields, message])
  let now = 0
  logModules({ warn: line('warn'), error: line('error'), info: line('info') } as unknown as Logger, modules, () => now)
  const [throwing, late] = [false, true].map((typed) => mine.module.take(typed, environment()))
  for (let i = 0; i < 5; i++) mine.module.match(throwing as number, ROUTE)
  now = 9_999
  mine.module.match(throwing as number, ROUTE)
  now = 10_000
  mine.module.match(throwing as number, ROUTE)
  const why = expect.stringMatching(/^Error: no \(.*mine\.mjs:1\)$/)
  const path = join(folder, 'mine.mjs')
  expect(lines).toEqual([
    ['warn', { module: 'mine', file: path, why, notTold: 0 }, 'policy module failed'],
    ['warn', { module: 'mine', file: path, why, notTold: 5 }, 'policy module failed'],
  ])
  for (let i = 0; i < 12; i++) mine.module.match(late as number, ROUTE)
  expect(lines.slice(2)).toEqual([
    [
      'error',
      { module: 'mine', file: path, why: expect.stringContaining('until a reload next stands for its answer') },
      'policy module switched off',
    ],
  ])
  const rows = modulesAnswer.parse({ modules: moduleRows(modules) }).modules
  expect(rows).toEqual([
    {
      ...{ name: 'mine', file: path, looksAt: 'attributes', match: true, set: false, onError: 'next', budgetMs: 1, state: 'off' },
      ...{ calls: 17, errors: 7, overruns: 10, spared: 2, lastFailure: expect.stringContaining('switched off') },
    },
  ])
  endModules(modules, NO_MODULES)
})
