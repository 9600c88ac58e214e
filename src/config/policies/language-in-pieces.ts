/**
 * Loads the language of policies (`policy-language.ts`) a file at a time, for an NVA that runs: to load it takes 50 to 180 ms, and nobody is to wait that long. What its
 * files are is looked up in the folders, so that a module stays one file and one line of the table.
 */
import { readdirSync } from 'node:fs'
import { extname } from 'node:path'
import { setImmediate as others } from 'node:timers/promises'
import type { PolicyLanguage } from './compiled-policies.ts'

const MODULES = new URL('../../policy/modules/', import.meta.url)
/** Those that others are made of come first. */
const FOLDERS = ['argument/', 'lookup/', 'edit/', 'match/', 'set/']
const EXTENSION = extname(import.meta.url)

let loading: Promise<PolicyLanguage> | null = null

export function languageInPieces(): Promise<PolicyLanguage> {
  loading ??= load().catch((error: unknown) => {
    // Another time it may succeed.
    loading = null
    throw error
  })
  return loading
}

async function load(): Promise<PolicyLanguage> {
  for (const folder of FOLDERS) {
    const url = new URL(folder, MODULES)
    for (const name of readdirSync(url)) {
      if (!name.endsWith(EXTENSION) || name.endsWith('.d.ts')) continue
      await import(new URL(name, url).href)
      await others()
    }
  }
  const { termSchema } = await import('../../policy/modules/term-schema.ts')
  await others()
  // Schemas are compiled when they are first asked.
  termSchema.safeParse({ match: {} })
  await others()
  termSchema.safeParse({ set: {} })
  await others()
  await import('../../policy/compile.ts')
  await others()
  const { compilePolicy, configurationFile } = await import('./policy-language.ts')
  await others()
  configurationFile.safeParse({ policies: {} })
  await others()
  return { compilePolicy, configurationFile }
}
