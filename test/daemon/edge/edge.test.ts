import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { askEdge } from '../../../src/api/edge-client.ts'

const LAUNCHER = new URL('../../../src/cli/fednva.js', import.meta.url).pathname
const EDGE = `
nve: { name: e1, asn: 65001, routerId: 192.0.2.11, vtep: 192.0.2.11, nvas: ["127.0.0.1:1"], api: { socket: e1.sock } }
vns: { web: { vni: 10100 } }
tenants: [{ vn: web, mac: "02:00:00:00:01:01", ip: 10.1.0.1 }]
`
let folder: string
let child: ChildProcess | null = null

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'fednva-'))
  writeFileSync(join(folder, 'e1.yaml'), EDGE)
})

afterEach(() => {
  child?.kill('SIGKILL')
  rmSync(folder, { recursive: true })
})

/** Starts the edge and waits until it says that it is up. */
async function start(): Promise<ChildProcess> {
  const edge = spawn(process.execPath, [LAUNCHER, 'nve', '--config', join(folder, 'e1.yaml')], { stdio: ['pipe', 'pipe', 'inherit'] })
  child = edge
  for await (const text of edge.stdout) if (String(text).includes('edge is up')) break
  return edge
}

test('an edge runs on when its input ends, answers on its socket, and ends with 0 on SIGTERM without leaving the socket behind', async () => {
  const edge = await start()
  edge.stdin?.end()
  const socket = join(folder, 'e1.sock')
  expect(await askEdge(socket, 'tenants')).toMatchObject({
    ok: true,
    value: { tenants: [{ mac: '02:00:00:00:01:01', ips: ['10.1.0.1'] }] },
  })
  expect(await askEdge(socket, 'fly')).toMatchObject({ ok: false, why: expect.stringContaining('found "fly"') })
  edge.kill('SIGTERM')
  expect(await once(edge, 'exit')).toEqual([0, null])
  expect(existsSync(socket)).toBe(false)
  expect(await askEdge(socket, 'tenants')).toMatchObject({ ok: false, why: expect.stringContaining('is it running?') })
})

test('quit on standard input ends it', async () => {
  const edge = await start()
  edge.stdin?.write('quit\n')
  expect(await once(edge, 'exit')).toEqual([0, null])
})

test('a second edge with the same socket is refused with one clear line', async () => {
  await start()
  const second = spawn(process.execPath, [LAUNCHER, 'nve', '--config', join(folder, 'e1.yaml')], { stdio: ['ignore', 'pipe', 'pipe'] })
  let said = ''
  second.stderr.on('data', (text) => {
    said += text
  })
  expect(await once(second, 'close')).toEqual([1, null])
  expect(said).toContain('nve.api.socket')
  expect(said.trim().split('\n')).toHaveLength(1)
})
