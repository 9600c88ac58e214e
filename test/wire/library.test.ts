import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { describe, expect, test } from 'vitest'

const root = new URL('../../', import.meta.url).pathname
const page = readFileSync(join(root, 'docs/wire.md'), 'utf8')
const manifest = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { exports: Record<string, Record<string, string>> }
/** An example and what the page says it prints. */
const examples = [...page.matchAll(/```ts\n(.*?)```\n\n```text\n(.*?)```/gs)].map(([, code, printed]) => ({
  code: code!,
  printed: printed!,
}))

describe('the library door fednva/wire', () => {
  test('has an example for reading and one for writing', () => {
    expect(examples.length).toBe(2)
  })

  test.each(examples)('example %# of docs/wire.md prints what it says', ({ code, printed }) => {
    const folder = mkdtempSync(join(tmpdir(), 'fednva-wire-'))
    const file = join(folder, 'example.ts')
    writeFileSync(file, code.replaceAll("'fednva/wire'", `'${pathToFileURL(join(root, 'src/wire/index.ts'))}'`))
    const out = execFileSync(process.execPath, [file], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] })
    rmSync(folder, { recursive: true })
    expect(out).toBe(printed)
  })

  test('is told to Node and to TypeScript in the manifest', () => {
    expect(manifest.exports['./wire']).toEqual({ types: './dist/wire/index.d.ts', default: './dist/wire/index.js' })
  })
})
