/** What policy costs on the way in: the same routes taken in with and without it, in this process and without sockets, in turn. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Configuration, loadConfiguration } from '../../../src/config/configuration.ts'
import { formatProblem } from '../../../src/config/file/problem.ts'
import { Nva } from '../../../src/daemon/nva.ts'
import { ScriptedPeer, ScriptedWorld } from '../../speaker/scripted.ts'
import {
  asPath,
  attribute,
  extCommunities,
  join as joined,
  LOCAL_PREF_100,
  macIpNlri,
  mpReach,
  ORIGIN_IGP,
  u32Octets,
  update,
} from '../../wire/update-octets.ts'
import type { Shape } from './shapes.ts'

const VNS = 50
const LEAF = '192.0.2.11'
/** Every one of so many routes is in the file of MAC addresses. */
const ONE_IN = 100

/** Terms as operators have them: most are about a VN, a community or a peer; some about routes of a VN; two about every route. */
export function terms(): string[] {
  const vn = (i: number) => `65001:${10_000 + i}`
  return [
    '{ name: storage, match: { mac: { file: storage-macs.txt } }, then: reject }',
    '{ name: broadcast, match: { mac: "ff:*" }, then: reject }',
    ...Array.from({ length: 30 }, (_, i) => `{ name: vn${i}, match: { routeTarget: "${vn(i + 100)}", mac: "02:53:*" }, then: reject }`),
    ...Array.from({ length: 30 }, (_, i) => `{ name: pref${i}, match: { routeTarget: "${vn(i)}" }, set: { localPref: ${100 + i} } }`),
    ...Array.from({ length: 20 }, (_, i) => `{ name: quiet${i}, match: { community: "65001:${i}" }, then: reject }`),
    ...Array.from({ length: 16 }, (_, i) => `{ name: peer${i}, match: { peer: leaf${i + 2}, ip: 10.${i}.0.0/16 }, then: reject }`),
    '{ name: hosts, match: { routeTarget: "65001:10007", ip: 10.99.0.0/16 }, then: reject }',
    '{ name: all, then: accept }',
  ]
}

/** A file of addresses, as many as there are routes: of a few of the routes, and of others. */
function macFile(routes: number): string {
  const mac = (n: number) => `02:00:${[24, 16, 8, 0].map((bits) => ((n >>> bits) & 255).toString(16).padStart(2, '0')).join(':')}`
  return Array.from({ length: routes }, (_, i) => mac(i % ONE_IN === 0 ? i : 0x1000000 + i)).join('\n')
}

/** All that a peer says, message by message. */
function messages({ routes, perUpdate, sets }: Shape): Uint8Array[] {
  return Array.from({ length: routes / perUpdate }, (_, n) => {
    const vn = 10_000 + (n % VNS)
    const nlri = Array.from({ length: perUpdate }, (_, i) => macIpNlri(n * perUpdate + i, { label: vn, rd: n % VNS }))
    const target = `0002fde9${vn.toString(16).padStart(8, '0')}`
    return update([
      mpReach([192, 0, 2, 11], joined(...nlri)),
      ORIGIN_IGP,
      asPath(),
      attribute(0x80, 4, u32Octets(n % sets)),
      LOCAL_PREF_100,
      extCommunities(target, '030c000000000008'),
    ])
  })
}

async function configured(folder: string, more: string): Promise<Configuration> {
  const file = join(folder, 'nva.yaml')
  const head = 'nva: { name: ams-1, domain: ams, asn: 65001, routerId: 192.0.2.1, listen: ["192.0.2.1:179"] }\n'
  writeFileSync(file, `${head}${more}`)
  const checked = await loadConfiguration(file)
  if (!checked.ok) throw new Error(checked.problems.map(formatProblem).join('\n'))
  return checked.configuration
}

/** Milliseconds of CPU until all routes are in use, or refused; `refused` must be. Others who run beside us count less in these than in those of a clock. */
function importMs(configuration: Configuration, said: readonly Uint8Array[], routes: number, refused: number): number {
  globalThis.gc?.()
  const world = new ScriptedWorld()
  const nva = new Nva(configuration, world, {})
  nva.speaker.start()
  const leaf = new ScriptedPeer(LEAF)
  leaf.handlers = nva.speaker.accept(leaf)
  leaf.greet(65001, 0xc000020b)
  world.pass(1)
  const begin = process.threadCpuUsage()
  for (const octets of said) leaf.say(octets)
  world.pass(1)
  const { user, system } = process.threadCpuUsage(begin)
  const ms = (user + system) / 1000
  const { paths, best } = nva.speaker.rib
  if (paths !== routes || best !== routes - refused) throw new Error(`${paths} routes, ${best} in use; not ${routes}, ${routes - refused}`)
  return ms
}

export interface ImportPair {
  readonly withoutMs: number
  readonly withMs: number
}

/** Runs in pairs, one after the other in turn; those that warm up come first and are told apart by the caller. */
export async function importPairs(shape: Shape, pairs: number): Promise<ImportPair[]> {
  const folder = mkdtempSync(join(tmpdir(), 'fednva-bench-'))
  try {
    writeFileSync(join(folder, 'storage-macs.txt'), macFile(shape.routes))
    const plain = await configured(folder, `peers: { leaf1: { address: ${LEAF} } }\n`)
    const policies = `policies: { p: [${terms().join(', ')}] }\n`
    const policed = await configured(folder, `${policies}peers: { leaf1: { address: ${LEAF}, import: p } }\n`)
    const said = messages(shape)
    const without = () => importMs(plain, said, shape.routes, 0)
    const through = () => importMs(policed, said, shape.routes, shape.routes / ONE_IN)
    return Array.from({ length: pairs }, (_, i) => {
      if (i % 2 === 0) return { withoutMs: without(), withMs: through() }
      const withMs = through()
      return { withoutMs: without(), withMs }
    })
  } finally {
    rmSync(folder, { recursive: true })
  }
}
