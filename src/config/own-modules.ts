/**
 * Policy modules of the operator's own: files of TypeScript or JavaScript, run in this process. A file is taken in again when its content has changed; what
 * it imports from other files is not, so that it is best a file of its own.
 */
import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { dirname, resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import type { Trouble } from '../policy/modules/module.ts'
import { soundView } from './sound-view.ts'
import { readYaml } from './yaml-source.ts'

export interface OwnFile {
  /** What the file exports by default. */
  readonly exported: unknown
  /** Tells one content of the file from another. */
  readonly digest: string
}

/** By their names in the configuration: the file, or why it cannot be used. */
export type OwnFiles = ReadonlyMap<string, OwnFile | Trouble>

export const NO_FILES: OwnFiles = new Map()

/** Loads every file that the text of a configuration file names under `policyModules`; what is wrong with that text is told elsewhere. */
export async function loadOwnFiles(text: string, file: string): Promise<OwnFiles> {
  // Most configurations have none, and reading one takes time.
  if (!text.includes('policyModules')) return NO_FILES
  const { source } = readYaml(text, file)
  const view = soundView(source?.value, [])
  const loaded = new Map<string, OwnFile | Trouble>()
  for (const name of view.keys(['policyModules'])) {
    const typed = view.text(['policyModules', name, 'file'])
    if (typed !== undefined) loaded.set(name, await loadFile(resolve(dirname(file), typed)))
  }
  return loaded
}

async function loadFile(path: string): Promise<OwnFile | Trouble> {
  let digest: string
  try {
    digest = createHash('sha256').update(readFileSync(path)).digest('hex')
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? 'unknown'
    const why = code === 'ENOENT' ? 'no such file' : code
    return { found: `${path}, which cannot be read (${why})`, expected: 'a file of TypeScript or JavaScript' }
  }
  const url = pathToFileURL(path)
  url.searchParams.set('content', digest.slice(0, 16))
  try {
    const module = (await import(url.href)) as { readonly default?: unknown }
    if (module.default !== undefined) return { exported: module.default, digest }
    return { found: `${path}, which has no default export`, expected: 'export default { ... } of a policy module' }
  } catch (error) {
    const why = error instanceof Error ? `${error.name}: ${error.message.split('\n', 1)[0]}` : String(error)
    return { found: `${path}, which cannot be loaded (${why})`, expected: 'a file that Node can import' }
  }
}
