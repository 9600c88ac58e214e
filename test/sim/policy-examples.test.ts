/** Every example in configs/policy, running: what scripted peers say and what others then hear. */
import { readdirSync, readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { checkText } from '../../src/config/check-text.ts'
import { type Configuration, loadConfiguration } from '../../src/config/configuration.ts'
import { formatProblem } from '../../src/config/file/problem.ts'
import { Nva } from '../../src/daemon/nva.ts'
import { formatExtendedCommunity } from '../../src/wire/community/table.ts'
import type { NlriView } from '../../src/wire/nlri/family.ts'
import { Region } from './region.ts'
import { macRoute, ScriptedPeer } from './scripted-peer.ts'

const FOLDER = new URL('../../configs/policy/', import.meta.url).pathname
const NVA = '192.0.2.1'
const FRA = '198.51.100.1'
const SETTLE_MS = 500

const shown = new Set<string>()

class Example {
  readonly region = new Region(1)
  readonly nva: Nva
  private current: Configuration

  private constructor(configuration: Configuration) {
    this.current = configuration
    this.nva = new Nva(configuration, this.region.host(NVA), {})
    this.region.listen(NVA, 179, (link) => this.nva.speaker.accept(link))
    this.nva.speaker.start()
  }

  static async of(name: string): Promise<Example> {
    shown.add(name)
    const loaded = await loadConfiguration(FOLDER + name)
    if (!loaded.ok) throw new Error(loaded.problems.map(formatProblem).join('\n'))
    expect(loaded.warnings.map(formatProblem)).toEqual([])
    return new Example(loaded.configuration)
  }

  /** A speaker whose session is up. */
  join(address: string, asn = 65001): ScriptedPeer {
    const peer = new ScriptedPeer(this.region, { address, asn, peerAs: 65001, to: NVA }).dial()
    if (!this.region.runUntil(() => peer.up, 60_000)) throw new Error(`${address} does not come up: ${peer.closed}`)
    this.settle()
    return peer
  }

  settle(): void {
    this.region.run(SETTLE_MS)
  }

  /** The same file with lines changed, as after an edit and `fednva reload`. */
  reload(name: string, edit: (text: string) => string): void {
    const checked = checkText(edit(readFileSync(FOLDER + name, 'utf8')), FOLDER + name, { running: this.current })
    if (!checked.ok) throw new Error(checked.problems.map(formatProblem).join('\n'))
    this.current = checked.configuration
    this.nva.reconfigure(checked.configuration, true)
    this.settle()
  }
}

/** MACs, prefixes, or the originators of type 3, that a peer has heard. */
const heard = (peer: ScriptedPeer): string[] =>
  [...peer.table.keys()].map((route) => /\[([^[\]]*[:.][^[\]]*)\]/.exec(route.replace(/^\S+ /, ''))?.[1] ?? route).sort()
const targetsOf = (peer: ScriptedPeer, part: string): string[] =>
  (peer.announced(part)?.extCommunities ?? []).map(formatExtendedCommunity).filter((text) => text.startsWith('RT:'))
const prefixRoute = (address: string, ipPrefix: string, vni: number): NlriView => ({
  routeType: 5,
  rdType: 1,
  rd: `${address}:${vni}`,
  esi: '00:00:00:00:00:00:00:00:00:00',
  ethernetTag: 0,
  ipPrefix,
  gatewayIp: ipPrefix.includes(':') ? '::' : '0.0.0.0',
  vni1: vni,
})
const imet = (address: string): NlriView => ({ routeType: 3, rdType: 1, rd: `${address}:1`, ethernetTag: 0, ip: address })

const A = '192.0.2.11'
const B = '192.0.2.12'
const C = '192.0.2.13'

test('share-one-vn.yaml: web crosses to the domain and to the partner, db to neither; the partner is believed about web alone', async () => {
  const example = await Example.of('share-one-vn.yaml')
  const [leaf, partner, fra] = [example.join(A), example.join('203.0.113.1', 65020), example.join(FRA, 65002)]
  leaf.announce([macRoute(A, '02:00:00:00:01:01')], ['65001:10100'])
  leaf.announce([macRoute(A, '02:00:00:00:02:01', null, 10200)], ['65001:10200'])
  partner.announce([macRoute('203.0.113.1', '02:00:00:00:01:02')], ['65001:10100'])
  partner.announce([macRoute('203.0.113.1', '02:00:00:00:02:02', null, 10200)], ['65001:10200'])
  fra.announce([macRoute(FRA, '02:00:00:00:01:03')], ['65002:10100'])
  fra.announce([macRoute(FRA, '02:00:00:00:02:03', null, 10200)], ['65002:10200', '65001:10200'])
  example.settle()
  expect(heard(leaf)).toEqual(['02:00:00:00:01:02', '02:00:00:00:01:03'])
  expect(heard(partner)).toEqual(['02:00:00:00:01:01', '02:00:00:00:01:03'])
  expect(heard(fra)).toContain('02:00:00:00:01:01')
  expect(heard(fra)).not.toContain('02:00:00:00:02:01')
})

test('share-only-prefixes.yaml: prefixes of our size cross, both ways; hosts, floods and the default route do not', async () => {
  const example = await Example.of('share-only-prefixes.yaml')
  const [leaf, fra] = [example.join(A), example.join(FRA, 65002)]
  const said = (address: string, net: string) => [
    prefixRoute(address, `${net}.0.0/16`, 50001),
    prefixRoute(address, `${net}.1.0/24`, 50001),
    prefixRoute(address, `${net}.1.7/32`, 50001),
    prefixRoute(address, '0.0.0.0/0', 50001),
    macRoute(address, '02:00:00:00:01:01', `${net}.1.7`, 50001),
    imet(address),
  ]
  leaf.announce(said(A, '10.1'), ['65001:50001'])
  fra.announce(said(FRA, '10.2'), ['65002:50001'])
  example.settle()
  expect(heard(fra)).toEqual(['10.1.0.0', '10.1.1.0'])
  expect(heard(leaf)).toEqual(['10.2.0.0', '10.2.1.0'])
})

test('storage-macs-stay-home.yaml: neither those of the prefix nor those of the list cross; at home all hear all', async () => {
  const example = await Example.of('storage-macs-stay-home.yaml')
  const [leaf1, leaf2, fra] = [example.join(A), example.join(B), example.join(FRA, 65002)]
  const macs = ['02:00:00:00:00:01', '02:53:00:00:00:01', '00:1b:21:3c:9d:f9', '00:25:90:ff:12:34', '00:1b:21:3c:9d:fa']
  leaf1.announce(
    macs.map((mac) => macRoute(A, mac)),
    ['65001:10100'],
  )
  fra.announce(
    macs.map((mac) => macRoute(FRA, mac.replace(/..$/, 'ee'))),
    ['65002:10100'],
  )
  example.settle()
  expect(heard(fra)).toEqual(['00:1b:21:3c:9d:fa', '02:00:00:00:00:01'])
  expect(heard(leaf2)).toEqual([...macs, '00:1b:21:3c:9d:ee', '00:25:90:ff:12:ee', '02:00:00:00:00:ee'].sort())
})

test('fixed-route-target.yaml: whatever AS a leaf derives its targets from, or if they say no VNI, others import 65000:VNI', async () => {
  const example = await Example.of('fixed-route-target.yaml')
  const [leaf1, leaf2, leaf3] = [example.join(A, 65011), example.join(B, 65012), example.join(C, 65013)]
  leaf1.announce([macRoute(A, '02:00:00:00:00:01')], ['65011:10100'])
  leaf2.announce([macRoute(B, '02:00:00:00:00:02')], ['65012:10100'])
  leaf3.announce([macRoute(C, '02:00:00:00:00:03')], ['65013:7'])
  example.settle()
  expect(['02:00:00:00:00:02', '02:00:00:00:00:03'].map((mac) => targetsOf(leaf1, mac))).toEqual([['RT:65000:10100'], ['RT:65000:10100']])
  expect(targetsOf(leaf3, '02:00:00:00:00:01')).toEqual(['RT:65000:10100'])
  expect(example.nva.census.vns.find(({ vn }) => vn.name === 'web')).toMatchObject({ tenantSystems: 3 })
})

test('multi-as-fabric.yaml: targets of a leaf become ours, other ones stay; a leaf that does not rewrite is sent its own', async () => {
  const example = await Example.of('multi-as-fabric.yaml')
  const [leaf1, leaf2, leaf3] = [example.join(A, 65011), example.join(B, 65012), example.join(C, 65013)]
  leaf1.announce([macRoute(A, '02:00:00:00:00:01')], ['65011:10100', '65099:1'])
  leaf2.announce([macRoute(B, '02:00:00:00:00:02')], ['65012:10100'])
  example.settle()
  expect(targetsOf(leaf2, '02:00:00:00:00:01')).toEqual(['RT:65001:10100', 'RT:65099:1'])
  expect(targetsOf(leaf1, '02:00:00:00:00:02')).toEqual(['RT:65001:10100'])
  expect(targetsOf(leaf3, '02:00:00:00:00:02')).toEqual(['RT:65013:10100'])
  expect(targetsOf(leaf3, '02:00:00:00:00:01')).toEqual(['RT:65013:10100', 'RT:65099:1'])
  expect(leaf3.announced('02:00:00:00:00:01')?.mpReach).toMatchObject({ nextHop: A })
})

test('junos-auto-route-targets.yaml: each side hears the targets that it derives itself', async () => {
  const example = await Example.of('junos-auto-route-targets.yaml')
  const [leaf, mx] = [example.join(A), example.join('192.0.2.21')]
  leaf.announce([macRoute(A, '02:00:00:00:00:01')], ['65001:10100'])
  mx.announce([macRoute('192.0.2.21', '02:00:00:00:00:02')], ['65001:268445556'])
  mx.announce([macRoute('192.0.2.21', '02:00:00:00:00:03')], ['65002:268445556'])
  example.settle()
  expect(targetsOf(mx, '02:00:00:00:00:01')).toEqual(['RT:65001:268445556'])
  expect(targetsOf(leaf, '02:00:00:00:00:02')).toEqual(['RT:65001:10100'])
  expect(targetsOf(leaf, '02:00:00:00:00:03')).toEqual(['RT:65002:268445556'])
  expect(example.nva.census.vns.find(({ vn }) => vn.name === 'web')).toMatchObject({ tenantSystems: 2 })
})

test('hub-and-spoke.yaml: in corp spokes hear the hub alone and the hub hears all; web is not touched', async () => {
  const example = await Example.of('hub-and-spoke.yaml')
  const [hub, one, two] = [example.join(A), example.join('192.0.2.21'), example.join('192.0.2.22')]
  hub.announce([prefixRoute(A, '0.0.0.0/0', 50001)], ['65001:50001'])
  one.announce([prefixRoute('192.0.2.21', '10.1.0.0/16', 50001)], ['65001:50001'])
  two.announce([prefixRoute('192.0.2.22', '10.2.0.0/16', 50001)], ['65001:50001'])
  one.announce([macRoute('192.0.2.21', '02:00:00:00:00:01')], ['65001:10100'])
  example.settle()
  expect(heard(hub)).toEqual(['02:00:00:00:00:01', '10.1.0.0', '10.2.0.0'])
  expect(heard(one)).toEqual(['0.0.0.0'])
  expect(heard(two)).toEqual(['0.0.0.0', '02:00:00:00:00:01'])
})

test('quarantine-domain.yaml: nothing but ops crosses; taken away, everything is back at once, and no session has ended', async () => {
  const example = await Example.of('quarantine-domain.yaml')
  const [leaf, fra] = [example.join(A), example.join(FRA, 65002)]
  leaf.announce([macRoute(A, '02:00:00:00:01:01')], ['65001:10100'])
  leaf.announce([macRoute(A, '02:00:00:00:09:01', null, 10900)], ['65001:10900'])
  fra.announce([macRoute(FRA, '02:00:00:00:01:02')], ['65002:10100'])
  fra.announce([macRoute(FRA, '02:00:00:00:09:02', null, 10900)], ['65002:10900'])
  example.settle()
  expect([heard(leaf), heard(fra)]).toEqual([['02:00:00:00:09:02'], ['02:00:00:00:09:01']])
  example.reload('quarantine-domain.yaml', (text) => text.replaceAll(/(im|ex)port: quarantine/g, '$1port: accept'))
  expect(heard(leaf)).toEqual(['02:00:00:00:01:02', '02:00:00:00:09:02'])
  expect(heard(fra)).toEqual(['02:00:00:00:01:01', '02:00:00:00:09:01'])
  example.reload('quarantine-domain.yaml', (text) => text)
  expect([heard(leaf), heard(fra)]).toEqual([['02:00:00:00:09:02'], ['02:00:00:00:09:01']])
  expect([leaf.closed, fra.closed]).toEqual([null, null])
})

test('own-module.yaml: each route has the mark of the region of its leaf alone, and fra is told of emea', async () => {
  const example = await Example.of('own-module.yaml')
  const [leaf1, leaf2, fra] = [example.join(A), example.join(B), example.join(FRA, 65002)]
  leaf1.announce([macRoute(A, '02:00:00:00:01:01')], ['65001:10100'], { communities: ['65000:7002', '65001:5'] })
  leaf2.announce([macRoute(B, '02:00:00:00:02:01')], ['65001:10100'])
  example.settle()
  expect(heard(fra)).toEqual(['02:00:00:00:01:01'])
  expect(leaf2.announced('02:00:00:00:01:01')?.communities).toEqual(['65001:5', '65000:7001'])
  expect(leaf1.announced('02:00:00:00:02:01')?.communities).toEqual(['65000:7002'])
})

test('no example is left out', () => {
  expect([...shown].sort()).toEqual(
    readdirSync(FOLDER)
      .filter((name) => name.endsWith('.yaml') && !name.endsWith('.cases.yaml'))
      .sort(),
  )
})
