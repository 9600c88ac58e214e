/** What the log tells of other domains and of shared VNs. */
import { expect, test } from 'vitest'
import type { FederatedDomainView, FederationView, SharedVnView } from '../../src/api/schema/federation.ts'
import { logAgreements } from '../../src/daemon/agreement-log.ts'
import type { Logger } from '../../src/telemetry/logger.ts'
import { exampleSource } from '../api/example-source.ts'
import { ScriptedWorld } from '../speaker/scripted.ts'

const LOOK_MS = 10_000

function stage() {
  const world = new ScriptedWorld()
  const lines: string[] = []
  const line = (level: string) => (fields: { domain: string; vns?: string[]; found?: string[]; nextHops?: string[] }, text: string) =>
    void lines.push(
      [
        level,
        fields.domain,
        ...(fields.vns === undefined ? [] : [fields.vns.join('+')]),
        text,
        ...(fields.found ?? fields.nextHops ?? []),
      ].join(' | '),
    )
  const log = { info: line('info'), warn: line('warn'), error: line('error') } as unknown as Logger
  const view = exampleSource(0).federation()
  const [domain] = view.domains
  const shared = domain?.vns[0]
  if (domain === undefined || shared === undefined) throw new Error('no example')
  let vns: readonly SharedVnView[] = []
  let ownNextHops: string[] = []
  let presence: Pick<FederatedDomainView, 'peers' | 'staleForSeconds'> = domain
  const stop = logAgreements(log, world, (examples): FederationView => {
    const shown = vns.map((one) => (examples || one.found.length === 0 ? one : { ...one, found: ['something else comes'] }))
    return { ...view, domains: [{ ...domain, ...presence, ownNextHops, vns: shown }] }
  })
  return {
    stop,
    /** The domain names these next hops of ours from now on. */
    names(nextHops: string[]): void {
      ownNextHops = nextHops
    },
    /** So many looks at VNs in these states; returns what they told. */
    looks(
      number: number,
      states: Readonly<Record<string, Partial<SharedVnView>>>,
      staleForSeconds: number | null | 'there' = 'there',
    ): string[] {
      const there = staleForSeconds === 'there'
      const peers = domain.peers.map((peer) => ({ ...peer, state: there ? ('Established' as const) : ('Active' as const) }))
      presence = { peers, staleForSeconds: there ? null : staleForSeconds }
      vns = Object.entries(states).map(([vn, state]) => ({ ...shared, vn, ...state }))
      world.pass(number * LOOK_MS)
      return lines.splice(0)
    },
  }
}

const agreed = { state: 'agreed', routesIn: 3 } as const
const offered = { state: 'offered' } as const
const down = { state: 'down' } as const

test('what a VN has come to is told once, when it has been the same at two looks', () => {
  const { looks, stop } = stage()
  expect(looks(1, { web: offered, db: agreed })).toEqual([])
  expect(looks(1, { web: agreed, db: agreed })).toEqual(['info | fra | db | VNs cross'])
  expect(looks(1, { web: agreed, db: agreed })).toEqual(['info | fra | web | VNs cross'])
  expect(looks(5, { web: agreed, db: agreed })).toEqual([])
  const found = ['VNI 77 comes']
  const mismatch: Partial<SharedVnView> = { state: 'mismatch', mismatch: ['vni'], found }
  expect(looks(3, { web: mismatch, db: { state: 'no-gateway' } })).toEqual([
    'warn | fra | web | VNs do not come as they were agreed | web: VNI 77 comes',
    'warn | fra | db | VNs do not cross: no gateway of theirs is up',
  ])
  stop()
  expect(looks(9, { web: agreed, db: agreed })).toEqual([])
})

test('a session that goes and comes is no news, but that a VN does not come any more is', () => {
  const { looks } = stage()
  expect(looks(2, { web: agreed, db: offered })).toEqual([
    'info | fra | web | VNs cross',
    'info | fra | db | VNs are shared here, and nothing of them comes from the domain',
  ])
  expect(looks(3, { web: down, db: down })).toEqual([])
  expect(looks(3, { web: agreed, db: offered })).toEqual([])
  expect(looks(3, { web: offered, db: offered })).toEqual([
    'warn | fra | web | VNs are shared here, and nothing of them comes from the domain',
  ])
})

test('a domain that is lost is told, while its routes stand and when they are gone, and that it is back', () => {
  const { looks } = stage()
  expect(looks(3, {})).toEqual([])
  expect(looks(1, {}, 50)).toEqual([])
  expect(looks(3, {}, 40)).toEqual(['warn | fra | domain lost: none of its NVAs is there, and its routes stand for a while yet'])
  expect(looks(3, {}, null)).toEqual(['error | fra | domain lost: none of its NVAs is there, and nothing crosses'])
  expect(looks(3, {})).toEqual(['info | fra | domain is back'])
  expect(looks(1, {}, null)).toEqual([])
  expect(looks(3, {})).toEqual([])
  expect(stage().looks(3, {}, null)).toEqual(['warn | fra | domain not there: no NVA of it has come, and nothing crosses'])
})

test('limits have lines of their own', () => {
  const { looks } = stage()
  const limited: Partial<SharedVnView> = { ...agreed, state: 'mismatch', mismatch: ['limits'], found: ['more comes'] }
  expect(looks(3, { web: agreed })).toHaveLength(1)
  expect(looks(3, { web: limited })).toEqual([])
})

test('that a domain names next hops of ours is told once, when it has done so at two looks, and that it does so no more', () => {
  const { looks, names } = stage()
  expect(looks(3, {})).toEqual([])
  names(['192.0.2.11', '192.0.2.12'])
  expect(looks(1, {})).toEqual([])
  expect(looks(3, {})).toEqual([
    'warn | fra | the domain names next hops of our own domain: routes with them are refused | 192.0.2.11 | 192.0.2.12',
  ])
  names([])
  expect(looks(3, {})).toEqual(['info | fra | the domain names no next hop of our own domain any more'])
})
