import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { apiSocketOf } from '../../src/config/api-socket.ts'

let folder = ''
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'fednva-socket-'))
})
afterAll(() => rmSync(folder, { recursive: true }))

function socketIn(text: string): unknown {
  const file = join(folder, 'f.yaml')
  writeFileSync(file, text)
  return apiSocketOf(file)
}

test('the socket is found though the rest of the file is wrong', () => {
  expect(socketIn('nva: { name: ams-1, asn: x, api: { socket: /run/x.sock } }\nvns: 3\n')).toEqual({ ok: true, socket: '/run/x.sock' })
})

test('a relative socket begins at the folder of the file', () => {
  expect(socketIn('nve: { name: e1, api: { socket: e1.sock } }\n')).toEqual({ ok: true, socket: join(folder, 'e1.sock') })
})

test('without a socket the name decides', () => {
  expect(socketIn('nva: { name: ams-1 }\n')).toEqual({ ok: true, socket: '/run/fednva/ams-1.sock' })
  expect(socketIn('peers: {}\n')).toEqual({ ok: true, socket: null })
})
