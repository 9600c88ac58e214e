import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, onTestFinished, test } from 'vitest'

const LAUNCHER = fileURLToPath(new URL('../../src/cli/fednva.js', import.meta.url))

/** A Node that is too old for fednva and hands over to another process, if this machine has one. */
const OLD_NODE = (process.env.PATH ?? '')
  .split(delimiter)
  .map((folder) => join(folder, 'node'))
  .find((node) => existsSync(node) && Number(execFileSync(node, ['-p', 'process.versions.node']).toString().split('.')[0]) < 24)

/** Starts an NVA by `node`, lets `then` see to it when it is up, and gives its exit code and what it said. */
async function run(node: string, then: (launched: ChildProcess) => void): Promise<{ code: number | null; said: string }> {
  const folder = mkdtempSync(join(tmpdir(), 'fednva-signals-'))
  const file = join(folder, 'nva.yaml')
  writeFileSync(file, 'nva: { name: a, domain: a, asn: 65001, routerId: 192.0.2.1, listen: [], api: { socket: api.sock } }\n')
  const child = spawn(node, [LAUNCHER, 'run', '--config', file], { stdio: ['ignore', 'pipe', 'inherit'] })
  onTestFinished(() => {
    child.kill('SIGTERM') // SIGKILL would not be handed on
    rmSync(folder, { recursive: true })
  })
  let said = ''
  const ended = new Promise<number | null>((resolve) => child.on('exit', (code) => resolve(code)))
  await new Promise<void>((resolve) => {
    child.stdout.on('data', (octets: Buffer) => {
      said += octets.toString()
      if (said.includes('fednva is up')) resolve()
    })
  })
  then(child)
  return { code: await ended, said }
}

test('SIGTERM ends a running NVA with exit code 0, also when it comes twice at once', async () => {
  const { code, said } = await run(process.execPath, (launched) => {
    launched.kill('SIGTERM')
    launched.kill('SIGTERM')
  })
  expect(code).toBe(0)
  expect(said).toContain('shutting down')
})

test.skipIf(OLD_NODE === undefined).each(['SIGINT', 'SIGTERM'] as const)(
  'an older Node hands %s on to the one that it has started',
  async (signal) => {
    const { code, said } = await run(OLD_NODE ?? '', (launched) => launched.kill(signal))
    expect(code).toBe(0)
    expect(said).toContain('shutting down')
  },
)
