import { execFileSync } from 'node:child_process'
import { closeSync, constants, mkdtempSync, openSync, readFileSync, readSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { LogSink } from '../../src/telemetry/log-sink.ts'

const LINE = `${'x'.repeat(1023)}\n`
/** More than the sink keeps, and a pipe takes. */
const TOO_MANY = 3000

function folder(): string {
  const path = mkdtempSync(join(tmpdir(), 'fednva-log-'))
  onTestFinished(() => rmSync(path, { recursive: true }))
  return path
}

function sinkTo(path: string, flags: number): { sink: LogSink; lost: Promise<number> } {
  const fd = openSync(path, flags)
  const sink = new LogSink(fd)
  onTestFinished(() => {
    sink.close()
    closeSync(fd)
  })
  return { sink, lost: new Promise((resolve) => (sink.onLost = resolve)) }
}

test('lines arrive in order in a file, and what waits at the end is written then', () => {
  const path = join(folder(), 'log')
  const { sink } = sinkTo(path, constants.O_WRONLY | constants.O_CREAT | constants.O_APPEND)
  return new Promise<void>((resolve) => {
    for (const line of ['one\n', 'two\n', 'three\n']) sink.write(line)
    setImmediate(function look() {
      if (!readFileSync(path, 'utf8').startsWith('one\n')) return void setImmediate(look)
      sink.flush()
      expect(readFileSync(path, 'utf8')).toBe('one\ntwo\nthree\n')
      resolve()
    })
  })
})

test.skipIf(process.platform !== 'linux')(
  'a reader that takes nothing holds up nobody; lines are lost when too many wait, and counted when it takes some again',
  async () => {
    const path = join(folder(), 'pipe')
    execFileSync('mkfifo', [path])
    const reader = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK)
    onTestFinished(() => closeSync(reader))
    const { sink, lost } = sinkTo(path, constants.O_WRONLY)
    for (let i = 0; i < TOO_MANY; i++) sink.write(LINE)
    let read = 0
    const into = Buffer.alloc(1 << 16)
    const drain = setInterval(() => {
      try {
        for (let octets = -1; octets !== 0; read += octets) octets = readSync(reader, into)
      } catch {
        // Nothing there at the moment.
      }
    }, 1)
    const lines = await lost
    clearInterval(drain)
    expect(lines).toBeGreaterThan(0)
    expect(Math.ceil(read / LINE.length) + lines).toBeLessThanOrEqual(TOO_MANY)
  },
)

test.skipIf(process.platform !== 'linux')(
  'what a slow reader has not taken is written at the end, whole and before what came later',
  async () => {
    const path = join(folder(), 'pipe')
    execFileSync('mkfifo', [path])
    const reader = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK)
    onTestFinished(() => closeSync(reader))
    const { sink } = sinkTo(path, constants.O_WRONLY)
    // Half as much again as a pipe takes.
    for (let i = 0; i < 96; i++) sink.write(LINE)
    await new Promise((resolve) => setTimeout(resolve, 100))
    const drained = drain(reader)
    sink.write('last\n')
    sink.flush()
    const text = drained + drain(reader)
    expect(text.length).toBe(96 * LINE.length + 'last\n'.length)
    expect(text.endsWith(`${LINE}last\n`)).toBe(true)
  },
)

/** All that is in a pipe now. */
function drain(reader: number): string {
  const into = Buffer.alloc(1 << 16)
  let text = ''
  try {
    for (let octets = -1; octets !== 0; text += into.toString('latin1', 0, octets)) octets = readSync(reader, into)
  } catch {
    // Nothing more at the moment.
  }
  return text
}

test.skipIf(process.platform !== 'linux')('a full disk ends nobody', async () => {
  const { sink } = sinkTo('/dev/full', constants.O_WRONLY)
  for (let i = 0; i < 3; i++) {
    sink.write('what is lost\n')
    await new Promise((resolve) => setImmediate(resolve))
  }
  sink.flush()
})
