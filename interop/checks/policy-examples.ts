/**
 * The examples in configs/policy, each running, with FRR as the one who is told: what it has in its table is what policy let through, as policy changed it; and
 * `fednva policy explain` says the same of every route, of those that FRR has and of those that are kept from it.
 */
import { fileURLToPath } from 'node:url'
import { evpnTable, printTable } from '../lab/evpn-table.ts'
import type { Lab } from '../lab/lab.ts'
import { establishedPeer } from '../lab/scripted-peer.ts'
import { type Explained, openStage, STAGE, type Stage } from '../lab/stage.ts'
import { expect, throughout, Unmet, until } from '../lab/until.ts'
import { externalAttributes, internalAttributes, mpReach, nlri, routeTarget, update } from '../peer/octets.ts'
import type { Check } from './check.ts'

const FOLDER = new URL('../../configs/policy/', import.meta.url)
const NVA = '192.0.2.1'
const ASN = 65001
const LEAF1 = '192.0.2.11'
const LEAF2 = '192.0.2.12'
const LEAF3 = '192.0.2.13'
const FRA = '198.51.100.1'
const VXLAN = Buffer.from('030c000000000008', 'hex')

/** A route by what FRR shows of it: a MAC address, or an address and prefix length. */
interface Said {
  readonly route: string
  readonly vni: number
  /** `65001:10100` */
  readonly targets: readonly string[]
}

const mac = (route: string, vni: number, ...targets: string[]): Said => ({ route, vni, targets })
const prefix = mac

interface Played {
  readonly file: string
  readonly shows: string
  /** Who says what, by address; the AS is that of the NVA unless it is said. */
  readonly senders: Readonly<Record<string, readonly Said[]>>
  /** What each FRR has in the end: routes with their route targets. */
  readonly hears: Readonly<Record<string, readonly string[]>>
  /** ASes of those that are not of the NVA's. */
  readonly asns?: Readonly<Record<string, number>>
}

const PLAYED: readonly Played[] = [
  {
    file: 'share-one-vn.yaml',
    shows: 'a partner and a domain get the routes of web and none of db',
    asns: { [FRA]: 65002, '203.0.113.1': 65020 },
    senders: { [LEAF1]: [mac('02:00:00:00:02:01', 10200, '65001:10200'), mac('02:00:00:00:01:01', 10100, '65001:10100')] },
    hears: { '203.0.113.1': ['02:00:00:00:01:01 RT:65001:10100'], [FRA]: ['02:00:00:00:01:01 RT:65001:10100'] },
  },
  {
    file: 'share-only-prefixes.yaml',
    shows: 'the domain gets prefixes of our size, no host and no default route',
    asns: { [FRA]: 65002 },
    senders: {
      [LEAF1]: [
        prefix('0.0.0.0/0', 50001, '65001:50001'),
        prefix('10.1.1.7/32', 50001, '65001:50001'),
        mac('02:00:00:00:01:01', 50001, '65001:50001'),
        prefix('10.1.0.0/16', 50001, '65001:50001'),
      ],
    },
    hears: { [FRA]: ['10.1.0.0/16 RT:65001:50001'] },
  },
  {
    file: 'storage-macs-stay-home.yaml',
    shows: 'the domain gets all MACs but those of storage, a leaf gets these too',
    asns: { [FRA]: 65002 },
    senders: {
      [LEAF1]: ['02:53:00:00:00:01', '00:25:90:ff:12:34', '02:00:00:00:00:01'].map((route) => mac(route, 10100, '65001:10100')),
    },
    hears: {
      [FRA]: ['02:00:00:00:00:01 RT:65001:10100'],
      [LEAF2]: ['00:25:90:ff:12:34', '02:00:00:00:00:01', '02:53:00:00:00:01'].map((route) => `${route} RT:65001:10100`),
    },
  },
  {
    file: 'fixed-route-target.yaml',
    shows: 'a leaf of another AS gets one target whatever it was, and whatever says the VNI',
    asns: { [LEAF1]: 65011, [LEAF2]: 65012, [LEAF3]: 65013 },
    senders: { [LEAF1]: [mac('02:00:00:00:00:01', 10100, '65011:10100')], [LEAF3]: [mac('02:00:00:00:00:03', 10100, '65013:7')] },
    hears: { [LEAF2]: ['02:00:00:00:00:01 RT:65000:10100', '02:00:00:00:00:03 RT:65000:10100'] },
  },
  {
    file: 'multi-as-fabric.yaml',
    shows: 'targets of the AS of a leaf become ours, or those of a leaf that does not rewrite',
    asns: { [LEAF1]: 65011, [LEAF2]: 65012, [LEAF3]: 65013 },
    senders: { [LEAF1]: [mac('02:00:00:00:00:01', 10100, '65011:10100', '65099:1')] },
    hears: { [LEAF2]: ['02:00:00:00:00:01 RT:65001:10100 RT:65099:1'], [LEAF3]: ['02:00:00:00:00:01 RT:65013:10100 RT:65099:1'] },
  },
  {
    file: 'junos-auto-route-targets.yaml',
    shows: 'a plain leaf gets plain targets of Junos',
    senders: { '192.0.2.21': [mac('02:00:00:00:00:02', 10100, '65001:268445556')] },
    hears: { [LEAF1]: ['02:00:00:00:00:02 RT:65001:10100'] },
  },
  {
    file: 'junos-auto-route-targets.yaml',
    shows: 'one in the place of Junos gets targets as Junos derives them',
    senders: { [LEAF1]: [mac('02:00:00:00:00:01', 10100, '65001:10100')] },
    hears: { '192.0.2.21': ['02:00:00:00:00:01 RT:65001:268445556'] },
  },
  {
    file: 'hub-and-spoke.yaml',
    shows: 'a spoke gets what the hub says and not what a spoke says, but in another VN',
    senders: {
      '192.0.2.21': [prefix('10.1.0.0/16', 50001, '65001:50001'), mac('02:00:00:00:00:01', 10100, '65001:10100')],
      [LEAF1]: [prefix('0.0.0.0/0', 50001, '65001:50001')],
    },
    hears: { '192.0.2.22': ['0.0.0.0/0 RT:65001:50001', '02:00:00:00:00:01 RT:65001:10100'] },
  },
  {
    file: 'quarantine-domain.yaml',
    shows: 'the domain gets the VN for repairs alone',
    asns: { [FRA]: 65002 },
    senders: { [LEAF1]: [mac('02:00:00:00:01:01', 10100, '65001:10100'), mac('02:00:00:00:09:01', 10900, '65001:10900')] },
    hears: { [FRA]: ['02:00:00:00:09:01 RT:65001:10900'] },
  },
  {
    file: 'own-module.yaml',
    shows: 'the domain gets what a module of the operator has marked as of its region, and nothing of the other one',
    asns: { [FRA]: 65002 },
    senders: { [LEAF2]: [mac('02:00:00:00:02:01', 10100, '65001:10100')], [LEAF1]: [mac('02:00:00:00:01:01', 10100, '65001:10100')] },
    hears: { [FRA]: ['02:00:00:00:01:01 RT:65001:10100'] },
  },
]

/** RD (type 1) of the sender, ESI and Ethernet tag zero. */
function octetsOf(sender: string, { route, vni }: Said): Buffer {
  const head = Buffer.concat([Buffer.from([0, 1, ...sender.split('.').map(Number), 0, 1]), Buffer.alloc(14)])
  const label = Buffer.from([vni >> 16, (vni >> 8) & 0xff, vni & 0xff])
  if (route.includes(':'))
    return nlri(2, Buffer.concat([head, Buffer.from([48, ...route.split(':').map((pair) => Number.parseInt(pair, 16)), 0]), label]))
  const [address = '', length = ''] = route.split('/')
  return nlri(5, Buffer.concat([head, Buffer.from([Number(length), ...address.split('.').map(Number)]), Buffer.alloc(4), label]))
}

async function play(lab: Lab, { file, senders, hears, asns = {} }: Played): Promise<void> {
  const speaker = (address: string) => ({ address, asn: asns[address] ?? ASN })
  const scripted = Object.keys(senders).map(speaker)
  const frrs = Object.keys(hears).map(speaker)
  const stage = await openStage(lab, fileURLToPath(new URL(file, FOLDER)), NVA, frrs, scripted)
  try {
    for (const { address, asn } of scripted) {
      const peer = await establishedPeer(address, { remote: NVA, asn }, STAGE)
      for (const said of senders[address] ?? []) {
        const communities = [...said.targets.map((target) => routeTarget(...(target.split(':').map(Number) as [number, number]))), VXLAN]
        const attributes = asn === ASN ? internalAttributes(...communities) : externalAttributes(asn, ...communities)
        peer.send(update([...attributes, mpReach(address, octetsOf(address, said))]))
      }
    }
    for (const { address } of frrs) {
      const wanted = [...(hears[address] ?? [])].sort()
      const shown = async () => {
        const table = await evpnTable(stage.frr(address))
        const lines = table.map(({ prefix: text, mac: of, communities }) => `${of ?? prefixOf(text)} ${targetsIn(communities)}`).sort()
        if (lines.join('\n') === wanted.join('\n')) return true
        throw new Unmet(`FRR at ${address} has`, `${printTable(table)}\nand not\n${wanted.join('\n')}`)
      }
      await until(`what FRR at ${address} is told`, 30, shown)
      await throughout(`what FRR at ${address} is told`, 1, shown)
      await agrees(stage, address, senders, hears[address] ?? [])
    }
  } finally {
    await stage.close()
  }
}

/** Explain says of every route that was sent what the table of the FRR at `address` shows (`has`): whether it is told, and with which targets. */
async function agrees(stage: Stage, address: string, senders: Played['senders'], has: readonly string[]): Promise<void> {
  const told = await stage.explain(address, 'export')
  for (const [sender, said] of Object.entries(senders)) {
    const came = await stage.explain(sender, 'import')
    for (const { route } of said) {
      const ofRoute = (row: Explained) => row.rd?.startsWith(`${sender}:`) === true && (row.mac ?? row.prefix) === route
      const [coming, going] = [came.find(ofRoute), told.find(ofRoute)]
      expect(coming !== undefined, `explain knows nothing of ${route} from ${sender}`, JSON.stringify(came))
      const shown = has.find((line) => line.startsWith(`${route} `))
      const accepted = coming.verdict === 'accept' && going?.verdict === 'accept'
      const evidence = () => JSON.stringify({ coming, going: going ?? null }, null, 1)
      expect(
        accepted === (shown !== undefined) && (going?.effective ?? false) === accepted,
        `FRR at ${address} ${shown === undefined ? 'has not' : 'has'} ${route}, and explain says: ${going?.because ?? coming.because}`,
        evidence,
      )
      if (going === undefined || shown === undefined) continue
      const targets = targetsIn(afterPolicy(going, 'extCommunities'))
      expect(shown === `${route} ${targets}`, `FRR at ${address} has ${shown}, and explain says ${targets}`, evidence)
    }
  }
}

/** An attribute as policy leaves it. */
function afterPolicy({ attributes, chains }: Explained, attribute: string): string {
  const changes = chains.flatMap(({ terms }) => terms.flatMap((term) => term.changes)).filter(({ what }) => what === attribute)
  return (changes.length === 0 ? attributes[attribute] : changes.at(-1)?.after) ?? ''
}

/** `[5]:[0]:[16]:[10.1.0.0]` as `10.1.0.0/16`. */
function prefixOf(text: string): string {
  const [, length, address] = /^\[5\]:\[0\]:\[(\d+)\]:\[([^\]]+)\]/.exec(text) ?? []
  return length === undefined ? text : `${address}/${length}`
}

function targetsIn(communities: string): string {
  return communities
    .split(' ')
    .filter((word) => word.startsWith('RT:'))
    .sort()
    .join(' ')
}

export const policyExamples: readonly Check[] = PLAYED.map((played) => ({
  name: `policy: ${played.file}: ${played.shows}`,
  only: 'fednva',
  run: (lab) => play(lab, played),
}))
