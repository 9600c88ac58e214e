import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { chooseSocket } from '../../src/cli/socket-choice.ts'

let folder = ''
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'fednva-choice-'))
})
afterAll(() => rmSync(folder, { recursive: true }))

test('a socket that is named is taken', async () => {
  expect(await chooseSocket({ socket: '/x.sock', config: '/nowhere' }, folder)).toEqual({ ok: true, socket: '/x.sock' })
})

test('the only socket of the machine is taken; of several one must be named', async () => {
  expect((await chooseSocket({}, folder)).ok).toBe(false)
  writeFileSync(join(folder, 'ams-1.sock'), '')
  expect(await chooseSocket({}, folder)).toEqual({ ok: true, socket: join(folder, 'ams-1.sock') })
  writeFileSync(join(folder, 'fra-1.sock'), '')
  expect(await chooseSocket({}, folder)).toEqual({
    ok: false,
    why: [`several may be meant, say which: --socket ${join(folder, 'ams-1.sock')}, ${join(folder, 'fra-1.sock')}`],
  })
})

test('a configuration file that cannot be read is a problem in the words of check', async () => {
  expect(await chooseSocket({ config: '/nowhere/f.yaml' }, folder)).toEqual({
    ok: false,
    why: ['/nowhere/f.yaml: found no such file, expected a configuration file'],
  })
})
