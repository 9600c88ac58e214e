import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import net from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { createClient } from '../../../src/api/client.ts'
import { policyDiffAnswer } from '../../../src/api/schema/policy-diff.ts'
import { reloadAnswer } from '../../../src/api/schema/reload.ts'
import { asPath, LOCAL_PREF_100, macIpNlri, mpReach, ORIGIN_IGP, join as octets, update } from '../../wire/update-octets.ts'
import { BgpClient } from '../bgp-client.ts'

const LAUNCHER = new URL('../../../src/cli/fednva.js', import.meta.url).pathname
const HOST = '127.78.1.1'
const ASN = 65001

let folder = ''
let children: ChildProcess[] = []
let clients: BgpClient[] = []

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'fednva-reload-'))
  children = []
  clients = []
})

afterEach(() => {
  for (const client of clients) client.close()
  for (const child of children) child.kill('SIGKILL')
  rmSync(folder, { recursive: true })
})

async function freePort(): Promise<number> {
  const server = net.createServer().listen({ host: HOST, port: 0 })
  await once(server, 'listening')
  const { port } = server.address() as net.AddressInfo
  server.close()
  await once(server, 'close')
  return port
}

/** A running fednva. `wants(rest)` writes its file: the usual `nva`, then these lines. */
async function daemon(rest: string) {
  const port = await freePort()
  const file = join(folder, 'nva.yaml')
  const wants = (rest: string, nva = ''): void =>
    writeFileSync(
      file,
      `nva: { name: a, domain: ams, asn: ${ASN}, routerId: 192.0.2.1, listen: ["${HOST}:${port}"], api: { socket: a.sock }${nva} }\n${rest}`,
    )
  wants(rest)
  const child = spawn(process.execPath, [LAUNCHER, 'run', '--config', file], { stdio: ['ignore', 'pipe', 'inherit'] })
  children.push(child)
  let said = ''
  let heard: (() => void)[] = []
  child.stdout.on('data', (text) => {
    said += text
    const waiting = heard
    heard = []
    for (const resolve of waiting) resolve()
  })
  const says = async (text: string | RegExp): Promise<void> => {
    while (said.search(text) < 0) await new Promise<void>((resolve) => heard.push(resolve))
  }
  await says('fednva is up')
  const client = createClient(join(folder, 'a.sock'))
  const reload = async () => {
    const answer = await client.reload()
    if (!answer.ok) throw new Error(answer.why)
    return reloadAnswer.parse(answer.value)
  }
  const peers = async () => {
    const answer = await client.peers()
    return answer.ok ? Object.fromEntries(answer.value.peers.map(({ name, state }) => [name, state])) : answer.why
  }
  return { port, file, child, wants, says, client, reload, peers }
}

async function up(address: string, port: number, asn = ASN): Promise<BgpClient> {
  const client = new BgpClient(address, asn, { address: HOST, port })
  clients.push(client)
  await client.until(() => client.endsOfRib === 1 || client.closed)
  expect(client.closed).toBe(false)
  return client
}

const announce = (first: number, count: number): Uint8Array =>
  update([
    mpReach([192, 0, 2, 9], octets(...Array.from({ length: count }, (_, i) => macIpNlri(first + i)))),
    ORIGIN_IGP,
    asPath(),
    LOCAL_PREF_100,
  ])

const nothing = { announced: 0, withdrawn: 0, notifications: [], closed: false }

test('peers come, go and begin anew, and the others hear nothing of it', async () => {
  const leaf = (n: number, more = '') => `  leaf${n}: { address: 127.78.2.${n}, passive: true${more} }\n`
  const nva = await daemon(`peers:\n${leaf(1)}${leaf(2)}${leaf(3)}`)
  const [one, two, three] = await Promise.all([1, 2, 3].map((n) => up(`127.78.2.${n}`, nva.port)))
  one?.say(announce(0, 100))
  await three?.until(() => three.table.size === 100)
  for (const client of clients) client.forget()

  nva.wants(`peers:\n${leaf(1)}${leaf(2, ', holdTime: 30')}${leaf(4)}`, ', log: { level: warn }')
  expect(await nva.reload()).toEqual({
    applied: true,
    problems: [],
    warnings: [],
    changes: [
      { what: 'peers added', count: 1, which: ['leaf4'] },
      { what: 'peers removed', count: 1, which: ['leaf3'] },
      { what: 'peers changed with a session reset', count: 1, which: ['leaf2 (holdTime)'] },
      { what: 'other settings changed', count: 1, which: ['nva.log.level'] },
    ],
  })
  await Promise.all([two, three].map((client) => client?.until(() => client.closed)))
  expect([two?.notifications, three?.notifications]).toEqual([['6/6'], ['6/3']])
  // A session that begins anew stays away for a moment.
  while (JSON.stringify(await nva.peers()).includes('"leaf2":"Idle"'));
  const again = await up('127.78.2.2', nva.port)
  const four = await up('127.78.2.4', nva.port)
  await Promise.all([again, four].map((client) => client.until(() => client.table.size === 100)))
  expect(one).toMatchObject(nothing)
  expect(await nva.peers()).toEqual({ leaf1: 'Established', leaf2: 'Established', leaf4: 'Established' })
})

test('a file that is wrong, one that needs a restart and a port that is taken leave everything as it was', async () => {
  const good = 'peers: { leaf1: { address: 127.78.2.1, passive: true } }\n'
  const nva = await daemon(good)
  const leaf = await up('127.78.2.1', nva.port)
  const rejected = async () => {
    const { applied, changes, problems } = await nva.reload()
    expect({ applied, changes }).toEqual({ applied: false, changes: [] })
    return problems
  }
  nva.wants('peers: { leaf2: { address: 127.78.2.2 }, leaf3: { address: 127.78.2.2 } }\n')
  expect(await rejected()).toEqual([
    expect.stringMatching(/nva\.yaml:2:60: peers\.leaf3\.address: found 127\.78\.2\.2, expected an address that no other peer has/),
  ])
  nva.wants('peers: {}\n', ', clusterId: 192.0.2.7')
  expect(await rejected()).toEqual([
    expect.stringMatching(
      /nva\.yaml:1:\d+: nva\.clusterId: found 192\.0\.2\.7, expected 192\.0\.2\.1, which is what runs: for another one fednva has/,
    ),
  ])
  const taken = net.createServer().listen({ host: HOST, port: 0 })
  await once(taken, 'listening')
  const { port } = taken.address() as net.AddressInfo
  writeFileSync(
    nva.file,
    `nva: { name: a, domain: ams, asn: ${ASN}, routerId: 192.0.2.1, listen: ["${HOST}:${port}"], api: { socket: a.sock } }\n`,
  )
  expect(await rejected()).toEqual([expect.stringContaining(`nva.listen: cannot listen on ${HOST}:${port}: the port is in use`)])
  taken.close()
  rmSync(nva.file)
  expect(await rejected()).toEqual([`${nva.file}: found no such file, expected a configuration file`])
  expect(leaf).toMatchObject(nothing)
  expect(await nva.peers()).toEqual({ leaf1: 'Established' })
  // Where it listened it still does.
  leaf.close()
  while (JSON.stringify(await nva.peers()).includes('Established'));
  await up('127.78.2.1', nva.port)
})

test('what a policy diff tells of another file is what a reload with it then does; telling it does nothing, and a file that is wrong is told with its problems', async () => {
  const policies = 'policies: { few: [{ name: one, match: { mac: "02:00:00:00:00:01" }, then: reject }, { name: rest, then: accept }] }\n'
  const peers = (more: string) => `peers: { leaf1: { address: 127.78.2.1 }, leaf2: { address: 127.78.2.2${more} } }\n`
  const nva = await daemon(peers(''))
  const [one, two] = await Promise.all([1, 2].map((n) => up(`127.78.2.${n}`, nva.port)))
  one?.say(announce(0, 100))
  await two?.until(() => two.table.size === 100)
  two?.forget()
  const next = join(folder, 'next.yaml')
  const text = readFileSync(nva.file, 'utf8').replace(peers(''), policies + peers(', export: few'))
  writeFileSync(next, text)
  const ask = async () => {
    const answer = await nva.client.policyDiff(next, 10)
    if (!answer.ok) throw new Error(answer.why)
    return policyDiffAnswer.parse(answer.value)
  }
  const told = await ask()
  expect(told.peers).toMatchObject([{ peer: 'leaf2', direction: 'export', starts: 0, stops: 1, changes: 0 }])
  expect(told.routes).toMatchObject([{ outcome: 'stops', peers: ['leaf2'], now: 'no policy is attached', later: 'policy few, term one' }])
  expect(two).toMatchObject(nothing)
  writeFileSync(nva.file, text)
  expect((await nva.reload()).applied).toBe(true)
  await two?.until(() => two.withdrawn === 1)
  expect(two).toMatchObject({ announced: 0, withdrawn: 1, closed: false })
  expect((await ask()).peers).toEqual([])
  writeFileSync(next, text.replace('few }', 'fwe }'))
  expect(await ask()).toMatchObject({
    asked: false,
    problems: [expect.stringMatching(/next\.yaml:3:\d+: peers\.leaf2\.export: found fwe/)],
  })
  writeFileSync(next, text.replace('192.0.2.1,', '192.0.2.7,'))
  expect(await ask()).toMatchObject({
    asked: false,
    problems: [expect.stringMatching(/next\.yaml:1:\d+: nva\.routerId: found 192\.0\.2\.7/), expect.anything()],
  })
})

test('SIGHUP reads the file again, and says in the log what came of it', async () => {
  const nva = await daemon('peers: { leaf1: { address: 127.78.2.1 } }\n')
  nva.wants('peers: { leaf1: { adress: 127.78.2.1 } }\n')
  nva.child.kill('SIGHUP')
  await nva.says(/"level":"error".*peers\.leaf1\.adress: unknown key, did you mean address\?.*everything stays as it was/)
  nva.wants('peers: { leaf2: { address: 127.78.2.2 } }\n')
  nva.child.kill('SIGHUP')
  await nva.says(/"changes":\{"peers added":1,"peers removed":1\}.*configuration reloaded/)
  expect(Object.keys((await nva.peers()) as object)).toEqual(['leaf2'])
})

test('a policy module that loops, fails, is wrong or better: the sessions stand through all of it', async () => {
  const mine = (match: string) =>
    writeFileSync(join(folder, 'mine.mjs'), `export default { looksAt: 'attributes', match: (route) => {\n${match}\n} }\n`)
  mine('while (route.peer.name === "leaf1");')
  const text = `policyModules: { mine: { file: mine.mjs } }
policies: { p: [{ name: a, match: { own: { mine: 1 } }, then: accept }, { name: rest, then: reject }] }
peers: { leaf1: { address: 127.78.2.1, passive: true, import: p }, leaf2: { address: 127.78.2.2, passive: true } }
`
  const nva = await daemon(text)
  const [one, two] = [await up('127.78.2.1', nva.port), await up('127.78.2.2', nva.port)]
  one.say(announce(0, 100))
  await nva.says(/"module":"mine".*did not come back within 1010 ms.*policy module failed/)
  const modules = async () => {
    const answer = await nva.client.modules()
    return answer.ok ? answer.value.modules : answer.why
  }
  expect(await modules()).toMatchObject([{ name: 'mine', state: 'running', calls: 1, overruns: 1 }])

  mine('return trueish')
  expect(await nva.reload()).toMatchObject({
    applied: true,
    changes: [
      { what: 'peers changed, sessions untouched', which: ['leaf1 (import)'] },
      { what: 'policies changed', which: ['p (files)'] },
    ],
  })
  await nva.says(/ReferenceError: trueish is not defined \(.*mine\.mjs:2\)/)
  mine('return (')
  expect(await nva.reload()).toMatchObject({
    applied: false,
    problems: [
      expect.stringMatching(
        /nva\.yaml:2:32: policyModules\.mine\.file: found .*mine\.mjs, which cannot be loaded: SyntaxError: .* \(.*mine\.mjs:\d\)/,
      ),
    ],
  })
  expect(await modules()).toMatchObject([{ calls: 1, errors: 1 }])
  expect(two.table.size).toBe(0)

  mine('return route.peer.name === "leaf1"')
  nva.child.kill('SIGHUP')
  await two.until(() => two.table.size === 100)
  expect(await modules()).toMatchObject([{ state: 'running', calls: 1, errors: 0 }])
  expect([one.closed, two.closed]).toEqual([false, false])
})
