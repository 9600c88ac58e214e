import { spawn } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { expect, test, vi } from 'vitest'

// Each test starts processes, on machines that do much else.
vi.setConfig({ testTimeout: 60_000 })

const root = new URL('../../../', import.meta.url).pathname
const capture = join(root, 'test/captures/frr-shutdown-cease.pcap')
const { FORCE_COLOR: _, ...PLAIN } = process.env

interface Ended {
  readonly code: number | null
  readonly out: string
  readonly err: string
}

function decode(args: readonly string[], input: string | Uint8Array = ''): Promise<Ended> {
  return new Promise((resolve) => {
    const child = spawn(process.execPath, [join(root, 'src/cli/fednva.js'), 'decode', ...args], { env: PLAIN })
    let [out, err] = ['', '']
    child.stdout.on('data', (piece) => (out += piece))
    child.stderr.on('data', (piece) => (err += piece))
    child.on('close', (code) => resolve({ code, out, err }))
    // A reader that ends early is no fault of the test.
    child.stdin.on('error', () => {})
    child.stdin.end(input)
  })
}

const KEEPALIVE = `${'ff'.repeat(16)}001304`

test('a capture: head lines with packet, time and ends, fields with offsets', async () => {
  const { code, out, err } = await decode([capture])
  expect({ code, err }).toEqual({ code: 0, err: '' })
  expect(out).toMatch(/^#3 NOTIFICATION, \d+ octets, packet \d+ 2026-\S+Z 10\.1\.0\.100:\d+ > 10\.1\.0\.1:\d+$/m)
  expect(out).toContain('\n    19     1  code: 6 (Cease)\n')
  expect(out).toContain('\n    24    15    shutdownCommunication: lab maintenance\n')
})

test('what is read is told by what it is: a capture, a packed one, hex, a stream, on standard input too', async () => {
  const octets = readFileSync(capture)
  const [file, piped, packed] = await Promise.all([decode([capture]), decode(['-'], octets), decode([], gzipSync(octets))])
  expect(piped).toEqual(file)
  expect(packed).toEqual(file)
  const [hex, stream, argument] = await Promise.all([
    decode(['--summary'], `${KEEPALIVE}\n`),
    decode(['--summary'], Buffer.from(KEEPALIVE, 'hex')),
    decode(['--summary', KEEPALIVE]),
  ])
  for (const one of [hex, stream, argument]) expect(one).toEqual({ code: 0, out: '#1 KEEPALIVE, 19 octets, at 0\n', err: '' })
})

test('--json gives a line for each message', async () => {
  const { code, out } = await decode(['--json', capture])
  expect(code).toBe(0)
  const lines = out.trim().split('\n')
  expect(lines.map((line) => (JSON.parse(line) as { name: string }).name)).toContain('NOTIFICATION')
})

test('--jsonl answers line by line and ends with 0 whatever the lines', async () => {
  const { code, out, err } = await decode(['--jsonl', '-'], `{"id":"k","kind":"message","hex":"${KEEPALIVE}"}\nnonsense\n`)
  expect({ code, err }).toEqual({ code: 0, err: '' })
  expect(
    out
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as unknown),
  ).toEqual([
    { id: 'k', verdict: 'ok', decoded: { type: 'KEEPALIVE' }, encoded: KEEPALIVE },
    { id: null, error: 'not a line of JSON' },
  ])
})

test('a message with a fault ends with 1', async () => {
  const { code, out } = await decode(['--hex'], `${KEEPALIVE.slice(0, -6)}001404ff`)
  expect(code).toBe(1)
  expect(out).toContain('! session reset, NOTIFICATION 1/2 Message Header Error/Bad Message Length')
})

test('an input without BGP, a missing file and a wrong option are told in a line', async () => {
  const [none, missing, wrong, two] = await Promise.all([
    decode([join(root, 'test/captures/vdp22-evb-ecp.pcap')]),
    decode(['/nowhere.pcap']),
    decode(['--port', '70000', capture]),
    decode(['--as2', '--as4', capture]),
  ])
  expect(none).toMatchObject({ code: 1, out: '', err: expect.stringMatching(/no BGP messages found\n$/) })
  expect(missing).toMatchObject({ code: 1, out: '', err: expect.stringContaining('found no such file, expected a capture') })
  expect(wrong).toMatchObject({ code: 2, out: '' })
  expect(two).toMatchObject({ code: 2, out: '' })
})

test('a file that is not there or cannot be read is said to be so, in words', async () => {
  const expected = 'expected a capture, hex text or what one BGP speaker sends\n'
  expect(await decode(['nofile.pcap'])).toEqual({ code: 1, out: '', err: `nofile.pcap: found no such file, ${expected}` })
  expect(await decode([root])).toEqual({ code: 1, out: '', err: `${root}: found a folder, ${expected}` })
})
