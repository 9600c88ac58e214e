/** Policy modules of the operator's own: the files that a configuration names under `policyModules`, each loaded into a thread (`sandbox/`). */
import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { dirname, resolve } from 'node:path'
import type { Trouble } from '../../policy/modules/module.ts'
import type { OwnModule, OwnSettings } from '../../policy/own/own-module.ts'
import type { ModuleThread } from '../../sandbox/module-thread.ts'
import { soundView } from '../file/sound-view.ts'
import { readYaml } from '../file/yaml-source.ts'

export interface LoadedModule {
  readonly module: OwnModule
  readonly thread: ModuleThread
}

/** By their names in the configuration: the module, or why its file cannot be used. */
export type LoadedModules = ReadonlyMap<string, LoadedModule | Trouble>

export const NO_MODULES: LoadedModules = new Map()

/** Milliseconds. */
const BUDGET = 10

/**
 * Loads every file that the text of a configuration file names under `policyModules`; what is wrong with that text is told elsewhere. A module of `running` is
 * the same one here when nothing of it has changed: settings, file and all that it imports. One that has failed is loaded anew, so that a reload gives it
 * another chance, and the routes it has failed on too.
 */
export async function loadModules(text: string, file: string, running: LoadedModules = NO_MODULES): Promise<LoadedModules> {
  // Most configurations have none, and reading one takes time.
  if (!text.includes('policyModules')) return NO_MODULES
  const view = soundView(readYaml(text, file).source?.value, [])
  const names = view.keys(['policyModules'])
  const loading = names.map(async (name): Promise<(readonly [string, LoadedModule | Trouble])[]> => {
    const of = (key: string) => ['policyModules', name, key]
    const typed = view.text(of('file'))
    if (typed === undefined) return []
    const settings: OwnSettings = {
      name,
      file: resolve(dirname(file), typed),
      onError: onErrorOf(view.text(of('onError'))),
      budgetMs: view.number(of('budget')) ?? BUDGET,
    }
    const before = running.get(name)
    return [[name, before !== undefined && isSame(before, settings) ? before : await load(settings)]]
  })
  return new Map((await Promise.all(loading)).flat())
}

/** Ends the modules of `modules` that are not in `others` too. */
export function endModules(modules: LoadedModules, others: LoadedModules): void {
  const kept = new Set(others.values())
  for (const one of modules.values()) if (isLoaded(one) && !kept.has(one)) one.thread.close()
}

export function isLoaded(one: LoadedModule | Trouble | undefined): one is LoadedModule {
  return one !== undefined && 'module' in one
}

async function load(settings: OwnSettings): Promise<LoadedModule | Trouble> {
  const { file, budgetMs } = settings
  if (digestOf(file) === null) return { found: `${file}, which cannot be read`, expected: 'a file of TypeScript or JavaScript' }
  const [{ ModuleThread }, { OwnModule }] = await Promise.all([
    import('../../sandbox/module-thread.ts'),
    import('../../policy/own/own-module.ts'),
  ])
  const thread = await ModuleThread.load(file, budgetMs)
  return thread instanceof ModuleThread ? { thread, module: new OwnModule(settings, thread) } : thread
}

function isSame(before: LoadedModule | Trouble, settings: OwnSettings): boolean {
  if (!isLoaded(before) || before.module.hasFailed) return false
  const { file, onError, budgetMs } = before.module.settings
  const alike = file === settings.file && onError === settings.onError && budgetMs === settings.budgetMs
  return alike && before.thread.files.every(({ path, digest }) => digestOf(path) === digest)
}

/** null: the file cannot be read. */
function digestOf(path: string): string | null {
  try {
    return createHash('sha256').update(readFileSync(path)).digest('hex')
  } catch {
    return null
  }
}

/** What is no such word is told by the schema. */
function onErrorOf(typed: string | undefined): OwnSettings['onError'] {
  return typed === 'accept' || typed === 'next' ? typed : 'reject'
}
