import { execFile } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { routesAnswer } from '../../src/api/schema/routes.ts'
import { type ApiServer, startApi } from '../../src/api/server.ts'
import { exampleSource } from '../api/example-source.ts'

const root = new URL('../../', import.meta.url).pathname
let folder = ''
let socket = ''
let server: ApiServer | null = null

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'fednva-cli-'))
  socket = join(folder, 'api.sock')
  const started = await startApi(exampleSource(1200), socket)
  if (!started.ok) throw new Error(started.found)
  server = started.value
})

afterAll(async () => {
  await server?.close()
  rmSync(folder, { recursive: true })
})

/** Without what a terminal or a CI says of colour. */
const { FORCE_COLOR: _, ...PLAIN } = process.env

interface Ended {
  code: number
  out: string
  err: string
}

function fednva(...args: string[]): Promise<Ended> {
  return new Promise((resolve) => {
    const child = execFile(
      process.execPath,
      [join(root, 'src/cli/fednva.js'), ...args],
      { maxBuffer: 1 << 26, env: PLAIN },
      (_, out, err) => resolve({ code: child.exitCode ?? -1, out, err }),
    )
  })
}

test('--help names every command and ends with 0', async () => {
  const { code, out } = await fednva('--help')
  expect(code).toBe(0)
  for (const command of ['run', 'check', 'decode', 'show', 'nve', 'demo']) expect(out).toMatch(new RegExp(`^  ${command}\\b`, 'm'))
})

test('a wrong command line ends with 2 and says what was probably meant', async () => {
  const { code, err, out } = await fednva('show', 'peerz')
  expect({ code, out }).toEqual({ code: 2, out: '' })
  expect(err).toContain('Did you mean peers?')
})

test('policy test ends with 0 where every case holds and with 1 where one does not; --json is what came of each', async () => {
  const good = `${root}configs/policy/hub-and-spoke.cases.yaml`
  expect(await fednva('policy', 'test', good)).toEqual({ code: 0, out: `${good}: 4 cases hold\n`, err: '' })
  const bad = join(folder, 'bad.cases.yaml')
  const text = `configuration: ${root}configs/policy/hub-and-spoke.yaml
cases: [{ route: { vn: corp, prefix: 10.1.0.0/16 }, from: branch1, to: branch2, expect: accept }]
`
  writeFileSync(bad, text)
  const told = await fednva('policy', 'test', good, bad)
  expect([told.code, told.out]).toEqual([1, `${good}: 4 cases hold\n${bad}: 0 of 1 case holds\n`])
  expect(told.err).toContain(`${bad}:2:89: cases[0].expect: found reject (policy from-hub-only, term spokes), expected accept`)
  expect(told.err).toContain('from-hub-only/spokes: vn yes, peerGroup yes; matches, reject')
  const { code, out } = await fednva('policy', 'test', bad, '--json')
  expect(code).toBe(1)
  expect(JSON.parse(out)).toMatchObject({ passed: 0, failed: 1, files: [{ cases: [{ holds: false, by: 'from-hub-only/spokes' }] }] })
})

test('check of a good file ends with 0 and a line of what is in it', async () => {
  expect(await fednva('check', `${root}configs/leaf-spine.yaml`)).toEqual({
    code: 0,
    out: `${root}configs/leaf-spine.yaml: good: NVA ams-1 of domain ams: 3 peers, 1 listen range, 0 VNs, 0 federated domains\n`,
    err: '',
  })
})

test('check of a bad file ends with 1 and a line for each problem, without a stack trace', async () => {
  const file = join(folder, 'bad.yaml')
  writeFileSync(file, 'nva: { name: a, domain: b, asn: 65001, routerId: 192.0.2.1 }\nvns: { web: { vni: 16777216 }, db: { vnii: 1 } }\n')
  expect(await fednva('check', file)).toEqual({
    code: 1,
    out: '',
    err: [
      `${file}:2:20: vns.web.vni: found 16777216, expected a VNI from 1 to 16777215`,
      `${file}:2:32: vns.db.vni: found nothing, expected a VNI from 1 to 16777215`,
      `${file}:2:38: vns.db.vnii: unknown key, did you mean vni?`,
      '',
    ].join('\n'),
  })
})

test('check --json is all problems and warnings, of bad files and of good ones', async () => {
  const file = join(folder, 'strange.yaml')
  const good = 'nva: { name: a, domain: b, asn: 65001, routerId: 192.0.2.1 }\n'
  writeFileSync(file, `${good}policies: { p: [{ name: t, then: accept }] }\n`)
  const strange = await fednva('check', file, '--json')
  expect([strange.code, strange.err]).toEqual([0, ''])
  expect(JSON.parse(strange.out)).toMatchObject({ file, good: true, problems: [], warnings: [{ line: 2, field: 'policies.p' }] })
  writeFileSync(file, `${good}vns: { web: { vni: 0 } }\n`)
  const bad = await fednva('check', file, '--json')
  expect([bad.code, bad.err]).toEqual([1, ''])
  expect(JSON.parse(bad.out)).toMatchObject({
    good: false,
    summary: null,
    problems: [{ line: 2, column: 20, field: 'vns.web.vni', found: '0' }],
  })
})

test('policy explain of a route that is told to nobody tells whose it is and what keeps it', async () => {
  const { code, out } = await fednva('policy', 'explain', '--peer', 'leaf1', '--ip', '10.1.0.8', '--socket', socket)
  expect([code, out]).toEqual([0, 'nothing of this comes from that peer or is told to it; what is there:\n  from leaf1: used\n'])
  const none = await fednva('policy', 'explain', '--peer', 'leaf1', '--ip', '10.99.0.7', '--socket', socket)
  expect(none.out).toBe('no such routes\n')
})

test('show errors of one peer are its own, in JSON too, and a name that nobody has is a mistake', async () => {
  const { code, out } = await fednva('show', 'errors', '--peer', 'leaf1', '--json', '--socket', socket)
  expect(code).toBe(0)
  expect(JSON.parse(out).errors.map(({ peer }: { peer: string }) => peer)).toContain('leaf1')
  expect(new Set(JSON.parse(out).errors.map(({ peer }: { peer: string }) => peer)).size).toBe(1)
  const nobody = await fednva('show', 'errors', '--peer', 'leaf9', '--socket', socket)
  expect(nobody).toEqual({ code: 1, out: '', err: 'no peer leaf9; there is leaf1; and nothing is kept of one that is gone\n' })
})

test('show finds the socket through the configuration file and prints a table without colour into a pipe', async () => {
  const file = join(folder, 'nva.yaml')
  writeFileSync(file, 'nva: { name: ams-1, api: { socket: api.sock } }\n')
  const { code, out } = await fednva('show', 'peers', '--config', file)
  expect(code).toBe(0)
  expect(out).toBe(
    [
      'Peer   Address     Role     AS  State          For  Received  Accepted  Sent  Held back  Why',
      'leaf1  192.0.2.11  nve   65001  Established  1h02m         6         5     0          0  1 own cluster in CLUSTER_LIST; 1 treat-as-withdraw: ORIGIN value 9',
      '',
    ].join('\n'),
  )
})

test('show routes --json joins all pages to one answer of the schema', async () => {
  const { code, out } = await fednva('show', 'routes', '--json', '--socket', socket)
  expect(code).toBe(0)
  const answer = routesAnswer.parse(JSON.parse(out))
  expect(answer.next).toBeNull()
  expect(answer.routes.map((row) => row.ip)).toEqual(Array.from({ length: 1200 }, (_, n) => `10.1.0.${n}`))
})

test('show says that nobody answers and ends with 1', async () => {
  expect(await fednva('show', 'status', '--socket', join(folder, 'none.sock'))).toEqual({
    code: 1,
    out: '',
    err: `no fednva answers on ${join(folder, 'none.sock')}: is it running? (--socket)\n`,
  })
})

test('show hands on what the API has against a filter', async () => {
  const { code, err } = await fednva('show', 'routes', '--mac', 'leaf1', '--socket', socket)
  expect(code).toBe(1)
  expect(err).toBe('found "leaf1", expected a MAC address such as 02:00:5e:00:00:01\n')
})
