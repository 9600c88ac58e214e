import { chmodSync, existsSync, mkdtempSync, readdirSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { connect, createServer, type Server } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { createClient, routePages } from '../../src/api/client.ts'
import type { ApiOptions } from '../../src/api/http.ts'
import { errorsAnswer } from '../../src/api/schema/errors.ts'
import { federationView } from '../../src/api/schema/federation.ts'
import { frozenMacsAnswer } from '../../src/api/schema/frozen.ts'
import { gatewaysAnswer } from '../../src/api/schema/gateways.ts'
import { modulesAnswer } from '../../src/api/schema/modules.ts'
import { nvesAnswer } from '../../src/api/schema/nves.ts'
import { peersAnswer } from '../../src/api/schema/peers.ts'
import { policiesAnswer } from '../../src/api/schema/policies.ts'
import { policyDiffAnswer } from '../../src/api/schema/policy-diff.ts'
import { routesAnswer } from '../../src/api/schema/routes.ts'
import { statusView } from '../../src/api/schema/status.ts'
import { vnsAnswer } from '../../src/api/schema/vns.ts'
import { type ApiServer, startApi } from '../../src/api/server.ts'
import type { ApiSource } from '../../src/api/source.ts'
import { exampleSource } from './example-source.ts'

let folder = ''
let socket = ''
let running: ApiServer[] = []

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'fednva-api-'))
  socket = join(folder, 'api.sock')
  running = []
})

afterEach(async () => {
  for (const server of running) await server.close()
  rmSync(folder, { recursive: true, force: true })
})

async function serve(source: ApiSource = exampleSource(), options: ApiOptions = {}): Promise<void> {
  const started = await startApi(source, socket, options)
  if (!started.ok) throw new Error(started.found)
  running.push(started.value)
}

test('every answer has the shape of its schema, and what the source said', async () => {
  await serve()
  const client = createClient(socket)
  const source = exampleSource()
  const [status, peers, vns, nves, federation, gateways, policies, modules, errors, routes] = await Promise.all([
    client.status(),
    client.peers(),
    client.vns(),
    client.nves(),
    client.federation(),
    client.gateways(),
    client.policies(),
    client.modules(),
    client.errors(),
    client.routes({}, 1000, null),
  ])
  expect(statusView.parse(status.ok && status.value)).toEqual(source.status())
  expect(peersAnswer.parse(peers.ok && peers.value)).toEqual({ peers: source.peers() })
  expect(vnsAnswer.parse(vns.ok && vns.value)).toEqual({ vns: source.vns() })
  expect(nvesAnswer.parse(nves.ok && nves.value)).toEqual({ nves: source.nves() })
  expect(errorsAnswer.parse(errors.ok && errors.value)).toEqual(source.errors())
  expect(gatewaysAnswer.parse(gateways.ok && gateways.value)).toEqual({ gateways: source.gateways() })
  expect(modulesAnswer.parse(modules.ok && modules.value)).toEqual({ modules: source.modules() })
  expect(policiesAnswer.parse(policies.ok && policies.value)).toEqual({ policies: source.policies() })
  expect(federationView.parse(federation.ok && federation.value)).toEqual(source.federation())
  expect(routesAnswer.parse(routes.ok && routes.value).routes.map((row) => row.ip)).toEqual([0, 1, 2, 3, 4].map((n) => `10.1.0.${n}`))
})

test('of a gateway that exists somebody may say how it is; of another one the answer names those that do', async () => {
  const said: unknown[] = []
  const source = exampleSource()
  await serve({
    ...source,
    sayGateway: (address, up) => {
      said.push([address, up])
      return source.sayGateway(address, up)
    },
  })
  const client = createClient(socket)
  for (const state of ['down', 'up', 'auto'] as const) {
    const answer = await client.sayGateway('192.0.2.250', state)
    expect(gatewaysAnswer.parse(answer.ok && answer.value)).toEqual({ gateways: source.gateways() })
  }
  expect(said).toEqual([
    ['192.0.2.250', false],
    ['192.0.2.250', true],
    ['192.0.2.250', null],
  ])
  expect(await client.sayGateway('192.0.2.9', 'down')).toEqual({ ok: false, why: 'no gateway 192.0.2.9; there is 192.0.2.250' })
  expect(await client.sayGateway('192.0.2.250', 'sideways' as 'up')).toMatchObject({ ok: false })
})

test('a MAC that is frozen can be thawed; of another one the answer names those that are', async () => {
  const said: string[] = []
  const source = exampleSource()
  await serve({
    ...source,
    thaw: (vn, mac) => {
      said.push(`${vn} ${mac}`)
      return source.thaw(vn, mac)
    },
  })
  const client = createClient(socket)
  const shown = await client.frozen()
  expect(frozenMacsAnswer.parse(shown.ok && shown.value)).toEqual(source.frozen())
  expect(await client.thaw('web', '0200.0000.0007')).toEqual({ ok: true, value: source.frozen() })
  expect(said).toEqual(['web 02:00:00:00:00:07'])
  expect(await client.thaw('db', '02:00:00:00:00:07')).toEqual({ ok: false, why: 'no VN db; there is web' })
  expect(await client.thaw('web', '02:00:00:00:00:08')).toEqual({
    ok: false,
    why: 'no frozen MAC 02:00:00:00:00:08 of web; there is 02:00:00:00:00:07 of web',
  })
  expect(await client.thaw('web', 'nonsense')).toMatchObject({ ok: false, why: expect.stringContaining('a MAC address such as') })
})

test('the session of a peer is reset or all is told again; why it cannot be, and who is there, is said in words', async () => {
  const said: string[] = []
  const source = exampleSource()
  await serve({
    ...source,
    resetPeer: (peer, soft) => {
      said.push(`${peer} ${soft}`)
      return source.resetPeer(peer, soft)
    },
  })
  const client = createClient(socket)
  const reset = await client.resetPeer('leaf1', false)
  expect(peersAnswer.parse(reset.ok && reset.value)).toEqual({ peers: source.peers().filter(({ name }) => name === 'leaf1') })
  expect(await client.resetPeer('leaf1', true)).toEqual({ ok: false, why: 'the session with leaf1 is not up' })
  expect(said).toEqual(['leaf1 false', 'leaf1 true'])
  expect(await client.resetPeer('fra/9.9.9.9', false)).toMatchObject({
    ok: false,
    why: expect.stringMatching(/^no peer fra\/9\.9\.9\.9; there is /),
  })
})

test('a policy diff is asked for by the path of a file; what is no such question is refused in words', async () => {
  const source = exampleSource()
  await serve(source)
  const client = createClient(socket)
  const answer = await client.policyDiff('/etc/fednva/next.yaml', 2)
  expect(policyDiffAnswer.parse(answer.ok && answer.value)).toEqual(await source.policyDiff('/etc/fednva/next.yaml', 2))
  expect(await client.policyDiff('next.yaml', 2)).toEqual({ ok: false, why: 'found next.yaml, expected candidate=PATH from the root' })
  expect(await client.policyDiff('/next.yaml', 10_001)).toEqual({ ok: false, why: 'found 10001, expected a limit from 0 to 10000' })
})

test('pages of routes follow each other without gap or repetition, and the last has no next', async () => {
  await serve(exampleSource(25))
  const pages: number[] = []
  const seen: (string | null)[] = []
  const client = createClient(socket)
  let after: string | null = null
  do {
    const page = await client.routes({}, 10, after)
    if (!page.ok) throw new Error(page.why)
    pages.push(page.value.routes.length)
    seen.push(...page.value.routes.map((row) => row.ip))
    after = page.value.next
  } while (after !== null)
  // Shorter where the answer would have taken too long.
  expect(Math.max(...pages)).toBeLessThanOrEqual(10)
  expect(pages.length).toBeGreaterThanOrEqual(3)
  expect(seen).toEqual(Array.from({ length: 25 }, (_, n) => `10.1.0.${n}`))
})

test('a full page that ends with the last route has no next', async () => {
  await serve(exampleSource(10))
  const page = await createClient(socket).routes({}, 10, null)
  expect(page.ok && page.value.routes.length).toBe(10)
  expect(page.ok && page.value.next).toBeNull()
})

test('a page whose time is up ends early, even with no row, and the next goes on behind it', async () => {
  let clock = 0
  await serve(exampleSource(6), { now: () => clock++ })
  const sizes: number[] = []
  const ips: (string | null)[] = []
  for await (const page of routePages(createClient(socket), { ip: '10.1.0.5' })) {
    if (!page.ok) throw new Error(page.why)
    sizes.push(page.value.routes.length)
    ips.push(...page.value.routes.map((row) => row.ip))
  }
  expect(sizes).toEqual([0, 1])
  expect(ips).toEqual(['10.1.0.5'])
})

test('filters are heeded though the source does not filter', async () => {
  await serve()
  const client = createClient(socket)
  const ips = async (filter: Parameters<typeof client.routes>[0]): Promise<(string | null)[]> => {
    const page = await client.routes(filter, 100, null)
    if (!page.ok) throw new Error(page.why)
    return page.value.routes.map((row) => row.ip)
  }
  expect(await ips({ mac: '0200.0000.0003' })).toEqual(['10.1.0.3'])
  expect(await ips({ best: true })).toEqual(['10.1.0.0', '10.1.0.2', '10.1.0.4'])
  expect(await ips({ type: 'imet' })).toEqual([])
  expect(await ips({ type: 'macip', vn: 'web' })).toHaveLength(5)
})

test('a VN or a peer that does not exist is said to be a mistake', async () => {
  await serve()
  const client = createClient(socket)
  expect(await client.routes({ vn: 'db' }, 10, null)).toEqual({ ok: false, why: 'no VN db; there is web' })
  expect(await client.routes({ peer: 'leaf9' }, 10, null)).toEqual({ ok: false, why: 'no peer leaf9; there is leaf1' })
  expect(await client.routes({ peer: '192.0.2.11' }, 10, null)).toMatchObject({ ok: true })
})

test('a filter that can mean nothing is answered with what was expected', async () => {
  await serve()
  expect(await createClient(socket).routes({ mac: 'leaf' }, 10, null)).toEqual({
    ok: false,
    why: 'found "leaf", expected a MAC address such as 02:00:5e:00:00:01',
  })
})

test('the socket is for its owner only', async () => {
  await serve()
  expect(statSync(socket).mode & 0o777).toBe(0o600)
})

test('closing removes the socket', async () => {
  await serve()
  await running.pop()?.close()
  expect(existsSync(socket)).toBe(false)
})

test('a socket on which somebody answers is not taken', async () => {
  await serve()
  const second = await startApi(exampleSource(), socket)
  expect(second.ok ? '' : second.found).toBe('another process that answers there: is this fednva running already?')
  expect((await createClient(socket).status()).ok).toBe(true)
})

test('a socket left behind by a dead process is taken', async () => {
  const dead: Server = createServer()
  const aside = join(folder, 'aside.sock')
  await new Promise<void>((resolve) => dead.listen(aside, resolve))
  renameSync(aside, socket)
  await new Promise((resolve) => dead.close(resolve))
  expect(existsSync(socket)).toBe(true)
  await serve()
  expect((await createClient(socket).status()).ok).toBe(true)
})

test('a file that is no socket is left alone', async () => {
  writeFileSync(socket, 'mine')
  const started = await startApi(exampleSource(), socket)
  expect(started.ok ? '' : started.found).toBe('a file that is no socket')
  expect(readdirSync(folder)).toEqual(['api.sock'])
})

test('a source that throws gives a plain answer, and the fault goes to the log', async () => {
  const faults: string[] = []
  const source: ApiSource = {
    ...exampleSource(),
    peers: () => {
      throw new Error('row 7 is gone')
    },
  }
  await serve(source, { failed: (error, path) => faults.push(`${path} ${error.message}`) })
  expect(await createClient(socket).peers()).toEqual({ ok: false, why: 'a fault of fednva: see its log' })
  expect(faults).toEqual(['/v1/peers row 7 is gone'])
})

test.each(['POST /v1/status', 'GET /v1/route', 'GET http://nva/v1/peers', 'OPTIONS *', 'GET //?'])(
  '%s is none of its paths',
  async (asked) => {
    await serve()
    const answer = await exchange(`${asked} HTTP/1.1\r\nHost: nva\r\nConnection: close\r\n\r\n`)
    expect(answer.split('\r\n')[0]).toBe('HTTP/1.1 404 Not Found')
    expect(answer.slice(answer.indexOf('\r\n\r\n') + 4)).toBe(JSON.stringify({ error: `found ${asked}, expected a path of the API` }))
  },
)

test('what is sent before the server has got ready is answered, also to somebody who sends no more', async () => {
  await serve()
  const request = 'GET /v1/status HTTP/1.1\r\nHost: nva\r\nConnection: close\r\n\r\n'
  const [first, second] = await Promise.all([exchange(request), exchange(request, true)])
  expect(first).toContain('"version"')
  expect(second).toContain('"version"')
})

test('somebody who is gone before he was heard does no harm', async () => {
  await serve()
  await new Promise<void>((resolve) => {
    const gone = connect(socket, () => gone.destroy().once('close', () => resolve()))
  })
  expect((await createClient(socket).status()).ok).toBe(true)
})

/** Sends `text` as it is; `half`: and closes that side. Resolves with all that comes back. */
function exchange(text: string, half = false): Promise<string> {
  return new Promise((resolve, reject) => {
    let heard = ''
    const asking = connect({ path: socket, allowHalfOpen: true }, () => (half ? asking.end(text) : asking.write(text)))
    asking.on('data', (octets) => {
      heard += octets
    })
    asking.on('error', reject)
    asking.on('end', () => {
      asking.destroy()
      resolve(heard)
    })
  })
}

test('the client says what it means that nobody answers', async () => {
  expect(await createClient(socket).status()).toEqual({
    ok: false,
    why: `no fednva answers on ${socket}: is it running? (--socket)`,
  })
})

test.skipIf(process.getuid?.() === 0)('the client says when it may not ask', async () => {
  await serve()
  chmodSync(socket, 0)
  const answer = await createClient(socket).status()
  expect(answer.ok ? '' : answer.why).toMatch(/^no permission for /)
})
