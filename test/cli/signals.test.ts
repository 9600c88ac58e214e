import { spawn } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, onTestFinished, test } from 'vitest'

const LAUNCHER = fileURLToPath(new URL('../../src/cli/fednva.js', import.meta.url))

test('SIGTERM ends a running NVA with exit code 0, also when it comes twice at once', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'fednva-signals-'))
  const file = join(folder, 'nva.yaml')
  writeFileSync(file, 'nva: { name: a, domain: a, asn: 65001, routerId: 192.0.2.1, listen: [], api: { socket: api.sock } }\n')
  const child = spawn(process.execPath, [LAUNCHER, 'run', '--config', file], { stdio: ['ignore', 'pipe', 'inherit'] })
  onTestFinished(() => {
    child.kill('SIGKILL')
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
  child.kill('SIGTERM')
  child.kill('SIGTERM')
  expect(await ended).toBe(0)
  expect(said).toContain('shutting down')
})
