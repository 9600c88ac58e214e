/**
 * One term of a policy changes while 20 peers are up and 100,000 routes held: no session ends, and each peer hears of the routes about which the policy says
 * something else, and of no others.
 */
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { u8, u16 } from '../../../src/bytes/octets.ts'
import { checkText } from '../../../src/config/check-text.ts'
import type { Configuration } from '../../../src/config/configuration.ts'
import { formatProblem } from '../../../src/config/file/problem.ts'
import { Nva } from '../../../src/daemon/nva.ts'
import type { Link, LinkHandlers, World } from '../../../src/speaker/world.ts'
import { MAX_MESSAGE, MessageType } from '../../../src/wire/framing.ts'
import { macAt } from '../../../src/wire/nlri/evpn/in-place.ts'
import { writeOpen } from '../../../src/wire/open.ts'
import { UpdateScan } from '../../../src/wire/update-scan.ts'
import {
  asPath,
  extCommunities,
  join,
  LOCAL_PREF_100,
  macIpNlri,
  message,
  mpReach,
  ORIGIN_IGP,
  u32Octets,
  update,
} from '../../wire/update-octets.ts'

const PEERS = 20
/** Of them tell routes. */
const SENDERS = 4
const ROUTES = 100_000
const OF_EACH = ROUTES / SENDERS
const PER_UPDATE = 100
const ASN = 65001

/** MACs of one sender that have this for their last but one octet. */
const BLOCK = 256
const address = (peer: number) => `192.0.2.${11 + peer}`
const macOf = (block: number) => `02:00:00:00:${block.toString(16).padStart(2, '0')}:*`

/** What a peer hears: how many routes, and which MACs (their last four octets). */
class Peer implements Link {
  readonly local = { address: '192.0.2.1', port: 179 }
  readonly remote: Link['remote']
  pending = 0
  closed = false
  handlers!: LinkHandlers
  readonly announced: number[] = []
  readonly withdrawn: number[] = []
  messages = 0
  private readonly scan = new UpdateScan()

  constructor(peer: number) {
    this.remote = { address: address(peer), port: 40_000 }
  }

  write(octets: Uint8Array): void {
    for (let at = 0; at < octets.length; at += u16(octets, at + 16)) {
      if (u8(octets, at + 18) !== MessageType.update) continue
      const { scan } = this
      scan.scan(octets, at, at + u16(octets, at + 16))
      this.messages++
      if (scan.reachAfi !== 0) note(octets, scan.reachFrom, scan.reachTo, this.announced)
      if (scan.unreachAfi !== 0) note(octets, scan.unreachFrom, scan.unreachTo, this.withdrawn)
    }
  }

  forget(): void {
    this.announced.length = 0
    this.withdrawn.length = 0
    this.messages = 0
  }

  pause(): void {}
  resume(): void {}
  giveWay(): void {}

  close(): void {
    this.closed = true
  }
}

function note(octets: Uint8Array, from: number, to: number, into: number[]): void {
  for (let at = from; at < to; at += 2 + u8(octets, at + 1)) {
    const mac = macAt(octets, at, 2 + u8(octets, at + 1))
    into.push(u16(octets, mac + 3))
  }
}

function configured(terms: string, attached: string, running?: Configuration): Configuration {
  const peers = Array.from({ length: PEERS }, (_, peer) => `leaf${peer}: { address: ${address(peer)}, group: leaves }`)
  const text = `nva: { name: ams-1, domain: ams, asn: ${ASN}, routerId: 192.0.2.1, listen: ["192.0.2.1:179"] }
peerGroups: { leaves: { role: nve, holdTime: 0, ${attached}: p } }
peers: { ${peers.join(', ')} }
policies: { p: [${terms}] }
`
  const checked = checkText(text, 'ams.yaml', running === undefined ? {} : { running })
  if (!checked.ok) throw new Error(checked.problems.map(formatProblem).join('\n'))
  return checked.configuration
}

class Stage {
  readonly nva: Nva
  readonly peers: Peer[] = []
  private configuration: Configuration
  private due: (() => void)[] = []
  /** Turns of the event loop since the last count. */
  turns = 0

  constructor(configuration: Configuration) {
    let clock = 0
    const world: World = {
      now: () => (clock += 0.01),
      random: () => 0.5,
      after: () => ({ cancel: () => {} }),
      soon: (then) => this.due.push(then),
      dial: () => ({ cancel: () => {} }),
    }
    this.configuration = configuration
    this.nva = new Nva(configuration, world, {})
    this.nva.speaker.start()
    for (let peer = 0; peer < PEERS; peer++) this.connect(peer)
    this.settle()
    for (let sender = 0; sender < SENDERS; sender++) {
      for (let n = 0; n < OF_EACH; n += PER_UPDATE) this.peers[sender]!.handlers.received(announcement(sender, n))
      this.settle()
    }
  }

  settle(): void {
    while (this.due.length > 0) {
      const { due } = this
      this.due = []
      for (const run of due) {
        run()
        this.turns++
      }
    }
  }

  reload(terms: string, attached: string): void {
    for (const peer of this.peers) peer.forget()
    this.turns = 0
    this.configuration = configured(terms, attached, this.configuration)
    this.nva.reconfigure(this.configuration, false)
    this.settle()
  }

  get sessions(): number {
    const standing = [...this.nva.speaker.peers.values()].filter((peer) => peer.standing !== null).length
    return this.peers.some(({ closed }) => closed) ? -1 : standing
  }

  private connect(number: number): void {
    const peer = new Peer(number)
    this.peers.push(peer)
    const handlers = this.nva.speaker.accept(peer)
    if (handlers === null) throw new Error(`${peer.remote.address} is refused`)
    peer.handlers = handlers
    const capabilities = [
      { code: 1, value: Uint8Array.of(0, 25, 0, 70) },
      { code: 65, value: Uint8Array.from(u32Octets(ASN)) },
    ]
    const open = new Uint8Array(MAX_MESSAGE)
    const end = writeOpen({ version: 4, myAs: ASN, holdTimeSeconds: 0, routerId: 0xc000020b + number, capabilities }, open, 0)
    handlers.received(open.slice(0, end))
    handlers.received(message(4, []))
  }
}

function announcement(sender: number, first: number): Uint8Array {
  const nlri = Array.from({ length: PER_UPDATE }, (_, i) => macIpNlri(first + i, { rd: sender + 1, label: 100 + ((first + i) % 2) }))
  return update([
    mpReach([192, 0, 2, 11 + sender], join(...nlri)),
    ORIGIN_IGP,
    asPath(),
    LOCAL_PREF_100,
    extCommunities('0002fde900002774', '030c000000000008'),
  ])
}

const others = Array.from({ length: 30 }, (_, n) => `{ name: other${n}, match: { community: "65001:${n}" }, then: reject }`).join(', ')
/** Terms of which one is about the MACs of a block. */
const refusing = (block: number) =>
  `${others}, { name: block, match: { mac: "${macOf(block)}" }, then: reject }, { name: all, then: accept }`
const preferring = (block: number, pref: number) =>
  `${others}, { name: block, match: { mac: "${macOf(block)}" }, set: { localPref: ${pref} } }, { name: all, then: accept }`

describe.each(['import', 'export'] as const)('%s', (attached) => {
  let stage: Stage
  beforeEach(() => {
    stage = new Stage(configured(refusing(7), attached))
  })
  afterEach(() => {
    expect(stage.sessions).toBe(PEERS)
    expect(stage.nva.speaker.rib.paths).toBe(ROUTES)
  })

  /** Each peer hears of the block from all senders but itself. */
  function expectOnly(announced: number | null, withdrawn: number | null): void {
    for (const [number, peer] of stage.peers.entries()) {
      const routes = BLOCK * (number < SENDERS ? SENDERS - 1 : SENDERS)
      expect([peer.announced.length, peer.withdrawn.length]).toEqual([announced === null ? 0 : routes, withdrawn === null ? 0 : routes])
      expect(new Set(peer.announced)).toEqual(new Set(announced === null ? [] : [announced]))
      expect(new Set(peer.withdrawn)).toEqual(new Set(withdrawn === null ? [] : [withdrawn]))
      // Packed as densely as in a first advertisement: 35 octets each.
      expect(peer.messages).toBeLessThan(40)
    }
  }

  test('another block is refused: one comes, one goes', () => {
    stage.reload(refusing(9), attached)
    expectOnly(7, 9)
    // In slices: no turn takes the whole of 100,000 routes.
    expect(stage.turns).toBeGreaterThan(ROUTES / 4096)
  })

  test('a block is set apart that was refused: it comes, and nothing goes; set otherwise, it is told again', () => {
    stage.reload(preferring(7, 200), attached)
    expectOnly(7, null)
    stage.reload(preferring(7, 300), attached)
    expectOnly(7, null)
  })

  test('the same in other words: nobody hears anything', () => {
    stage.reload(`{ name: first, match: { mac: "${macOf(7)}" }, then: reject }, ${refusing(7)}`, attached)
    expectOnly(null, null)
    for (const peer of stage.peers) expect(peer.messages).toBe(0)
  })
})
