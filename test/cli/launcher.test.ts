import { spawn } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, onTestFinished, test } from 'vitest'

const LAUNCHER = fileURLToPath(new URL('../../src/cli/fednva.js', import.meta.url))

test.skipIf(process.platform !== 'linux')(
  'an NVA is the process that was started, with flags of Node kept and its own before them',
  async () => {
    const folder = mkdtempSync(join(tmpdir(), 'fednva-launcher-'))
    const file = join(folder, 'nva of mine.yaml')
    writeFileSync(file, 'nva: { name: a, domain: a, asn: 65001, routerId: 192.0.2.1, listen: [], api: { socket: api.sock } }\n')
    const child = spawn(process.execPath, ['--stack-trace-limit=7', LAUNCHER, 'run', '--config', file])
    onTestFinished(() => {
      child.kill('SIGKILL')
      rmSync(folder, { recursive: true })
    })
    const ended = new Promise<number | null>((resolve) => child.on('exit', (code) => resolve(code)))
    let said = ''
    let complained = ''
    child.stderr.on('data', (octets: Buffer) => {
      complained += octets.toString()
    })
    await new Promise<void>((resolve) => {
      child.stdout.on('data', (octets: Buffer) => {
        said += octets.toString()
        if (said.includes('fednva is up')) resolve()
      })
    })
    const pid: unknown = JSON.parse(said.split('\n')[0] ?? '').pid
    const words = readFileSync(`/proc/${child.pid}/cmdline`, 'utf8').split('\0').slice(0, -1)
    child.kill('SIGTERM')
    expect(await ended).toBe(0)
    expect(pid).toBe(child.pid)
    expect(complained).toBe('')
    expect(words).toEqual([
      process.execPath,
      '--max-semi-space-size=1',
      '--no-concurrent-recompilation',
      '--initial-old-space-size=64',
      '--expose-gc',
      '--stack-trace-limit=7',
      LAUNCHER,
      'run',
      '--config',
      file,
    ])
  },
)
