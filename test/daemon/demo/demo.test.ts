import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { createServer, type Server } from 'node:net'
import { afterEach, expect, test } from 'vitest'

const LAUNCHER = new URL('../../../src/cli/fednva.js', import.meta.url).pathname
let child: ChildProcess | null = null

afterEach(() => child?.kill('SIGKILL'))

/** A server on the address of one of the NVAs, on a port nobody has. */
async function occupant(): Promise<{ server: Server; port: number }> {
  const server = createServer().listen({ host: '127.77.1.1', port: 0 })
  await once(server, 'listening')
  return { server, port: (server.address() as { port: number }).port }
}

async function freePort(): Promise<number> {
  const { server, port } = await occupant()
  server.close()
  await once(server, 'close')
  return port
}

function start(port: number, ...more: string[]): { demo: ChildProcess; said: () => string } {
  const demo = spawn(process.execPath, [LAUNCHER, 'demo', '--port', String(port), ...more], { stdio: ['ignore', 'pipe', 'pipe'] })
  child = demo
  let text = ''
  for (const stream of [demo.stdout, demo.stderr]) {
    stream.on('data', (part) => {
      text += part
    })
  }
  return { demo, said: () => text }
}

test('demo --once: every claim holds, exit code 0', { timeout: 60_000 }, async () => {
  const { demo, said } = start(await freePort(), '--once')
  const [code] = await once(demo, 'close')
  expect(said()).toContain('7 of 7 claims hold')
  expect(said()).not.toContain('\u001b')
  expect(code).toBe(0)
})

test('demo stays up until it is told to end, then removes its files', { timeout: 60_000 }, async () => {
  const { demo, said } = start(await freePort())
  for await (const _ of demo.stdout!) if (said().includes('Ctrl-C ends it')) break
  const folder = /Configuration files and logs: (\S+)/.exec(said())?.[1] ?? ''
  expect(existsSync(folder)).toBe(true)
  demo.kill('SIGINT')
  expect(await once(demo, 'exit')).toEqual([0, null])
  expect(existsSync(folder)).toBe(false)
})

test('demo says which port is taken and ends with 1', async () => {
  const { server, port } = await occupant()
  const { demo, said } = start(port, '--once')
  const [code] = await once(demo, 'close')
  server.close()
  expect(said()).toContain(`cannot listen on 127.77.1.1:${port}`)
  expect(said().trim().split('\n')).toHaveLength(2)
  expect(code).toBe(1)
})
