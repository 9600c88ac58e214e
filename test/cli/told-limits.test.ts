/** What the commands say, of a running NVA, about routes that another domain is not told because they are too many. */
import { type ChildProcess, execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import net from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { BgpClient } from '../daemon/bgp-client.ts'
import {
  asPath,
  extCommunities,
  LOCAL_PREF_100,
  macIpNlri,
  mpReach,
  mpUnreach,
  ORIGIN_IGP,
  join as octets,
  update,
} from '../wire/update-octets.ts'

const LAUNCHER = fileURLToPath(new URL('../../src/cli/fednva.js', import.meta.url))
const HOST = '127.78.3.1'
const [LEAF, FRA] = ['127.78.3.11', '127.78.3.21']
const { FORCE_COLOR: _, ...PLAIN } = process.env

let folder = ''
let child: ChildProcess | null = null
const clients: BgpClient[] = []

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'fednva-told-'))
  const server = net.createServer().listen({ host: HOST, port: 0 })
  await once(server, 'listening')
  const { port } = server.address() as net.AddressInfo
  server.close()
  await once(server, 'close')
  const file = join(folder, 'nva.yaml')
  writeFileSync(
    file,
    `nva: { name: ams-1, domain: ams, asn: 65001, routerId: 192.0.2.1, listen: ["${HOST}:${port}"], api: { socket: a.sock } }
vns: { web: { vni: 10100 } }
peers: { leaf1: { address: ${LEAF}, passive: true } }
federation:
  domains:
    fra: { asn: 65002, peers: [${FRA}], passive: true, share: { web: { limits: { out: { routes: 2 } } } }, limits: { out: { routes: 100 } } }
`,
  )
  const running = spawn(process.execPath, [LAUNCHER, 'run', '--config', file], { stdio: ['ignore', 'pipe', 'inherit'] })
  child = running
  // It is read on to its end: a log that nobody reads would end the daemon.
  await new Promise<void>((resolve) => {
    let said = ''
    running.stdout.on('data', (text) => {
      said += text
      if (said.includes('fednva is up')) resolve()
    })
  })
  for (const [address, asn] of [
    [LEAF, 65001],
    [FRA, 65002],
  ] as const) {
    const client = new BgpClient(address, asn, { address: HOST, port })
    clients.push(client)
    await client.until(() => client.endsOfRib === 1 || client.closed)
    expect(client.closed).toBe(false)
    // Nobody else is told that this was all before the leaf has told all.
    client.say(update([mpUnreach(new Uint8Array(0))]))
  }
  const [leaf, fra] = clients
  const nlri = octets(...Array.from({ length: 5 }, (_, i) => macIpNlri(i)))
  leaf?.say(update([mpReach([192, 0, 2, 9], nlri), ORIGIN_IGP, asPath(), LOCAL_PREF_100, extCommunities('0002fde900002774')]))
  await fra?.until(() => fra.table.size === 2)
}, 60_000)

afterAll(() => {
  for (const client of clients) client.close()
  child?.kill('SIGKILL')
  rmSync(folder, { recursive: true })
})

function fednva(...args: string[]): Promise<string> {
  return new Promise((resolve) => {
    execFile(process.execPath, [LAUNCHER, ...args, '--socket', join(folder, 'a.sock')], { env: PLAIN }, (_, out, err) => resolve(out + err))
  })
}

test('show federation has a line for every limit on the way out, and for each VN how many routes wait', async () => {
  const text = (await fednva('show', 'federation')).split('\n').map((line) => line.trim().replaceAll(/ {2,}/g, '|'))
  expect(text).toContain('web: 3 of our routes not told: waits: more routes or changes than the limits allow')
  expect(text.map((line) => line.replace(/(\|)(\d+\.?\d*s|\d+m\d+s)(\|)/, '$1-$3'))).toEqual(
    expect.arrayContaining(['all routes|out|well|-|2/100|-|0|0|0|hold', 'VN web|out|holding|-|2/2|-|3|3|0|hold']),
  )
  const { domains } = JSON.parse(await fednva('show', 'federation', '--json'))
  expect(domains[0].vns[0]).toMatchObject({
    vn: 'web',
    routesOut: 2,
    heldBack: { 'waits: more routes or changes than the limits allow': 3 },
  })
  expect(domains[0].limits).toMatchObject([
    { on: 'all routes', way: 'out', state: 'well', used: 2, most: 100, waiting: 0 },
    { on: 'VN web', way: 'out', state: 'holding', used: 2, most: 2, waiting: 3 },
  ])
})

test('policy explain lists each of them with the reason, show peers counts them', async () => {
  const args = ['policy', 'explain', '--peer', `fra/${FRA}`, '--direction', 'export']
  const { routes } = JSON.parse(await fednva(...args, '--json'))
  const waits = 'waits: more routes or changes than the limits allow'
  expect(routes.map(({ effective, heldBack }: { effective: boolean; heldBack: string | null }) => [effective, heldBack])).toEqual([
    [true, null],
    [true, null],
    [false, waits],
    [false, waits],
    [false, waits],
  ])
  expect(await fednva(...args)).toContain(`(not told, ${waits})`)
  const held = JSON.parse(await fednva(...args, '--held-back', '--json')).routes
  expect(held.map(({ heldBack }: { heldBack: string | null }) => heldBack)).toEqual([waits, waits, waits])
  expect(await fednva(...args, '--held-back', '--type', 'imet')).toContain('nothing of this is held back')
  const { peers } = JSON.parse(await fednva('show', 'peers', '--json'))
  const fra = peers.find(({ name }: { name: string }) => name === `fra/${FRA}`)
  expect([fra.routesSent, fra.withheld[waits]]).toEqual([2, 3])
})
