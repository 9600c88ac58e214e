/** Policy modules written into a folder of their own for a test, and threads that end with it. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach } from 'vitest'
import type { Trouble } from '../../src/policy/modules/module.ts'
import type { Here } from '../../src/policy/own/definition.ts'
import { ModuleThread } from '../../src/sandbox/module-thread.ts'

export const HERE: Here = { asn: 65001, routerId: '192.0.2.1', address: null, vns: [] }
export const BUDGET_MS = 20

let folders: string[] = []
let threads: ModuleThread[] = []

afterEach(() => {
  for (const thread of threads) thread.close()
  for (const folder of folders) rmSync(folder, { recursive: true })
  threads = []
  folders = []
})

/** A folder with these files; gone after the test. */
export function folderOf(files: Readonly<Record<string, string>>): string {
  const folder = mkdtempSync(join(tmpdir(), 'fednva-module-'))
  folders.push(folder)
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text)
  return folder
}

/** What comes of loading a file with this text; in problems the folder is left out. */
export async function tried(text: string, name = 'mine.ts', files: Readonly<Record<string, string>> = {}): Promise<ModuleThread | Trouble> {
  const folder = folderOf({ ...files, [name]: text })
  const loaded = await ModuleThread.load(join(folder, name), BUDGET_MS)
  if (loaded instanceof ModuleThread) threads.push(loaded)
  return loaded instanceof ModuleThread ? loaded : { ...loaded, found: loaded.found.replaceAll(`${folder}/`, '') }
}

/** The members of `defineModule({ ... })`, and an argument it has been handed. */
export async function written(members: string, typed: unknown = 'x'): Promise<{ thread: ModuleThread; argument: number }> {
  const thread = await tried(`import { defineModule } from 'fednva/policy'\nexport default defineModule({\n${members}\n})\n`)
  if (!(thread instanceof ModuleThread)) throw new Error(`${thread.found}: ${thread.expected}`)
  const argument = thread.take(typed, HERE)
  if (typeof argument !== 'number') throw new Error(argument.why)
  return { thread, argument }
}
