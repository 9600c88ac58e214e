import { expect, test } from 'vitest'
import { parsePrefix } from '../../../src/address/prefix.ts'
import { END_OF_RIB } from '../../../src/config/settings/settings-of.ts'
import { peersChange } from '../../../src/speaker/peers/peers-change.ts'
import type { ListenRangeSettings, PeerSettings, SpeakerSettings } from '../../../src/speaker/settings.ts'
import { Speaker } from '../../../src/speaker/speaker.ts'
import { evpn } from '../../../src/wire/nlri/evpn/evpn.ts'
import { peerSettings, ScriptedPeer, ScriptedWorld } from '../scripted.ts'

const ASN = 65000
const NOTIFICATION = 3
const DECONFIGURED = Uint8Array.of(6, 3)
const CONFIGURATION_CHANGE = Uint8Array.of(6, 6)

function settingsOf(peers: readonly PeerSettings[], listenRanges: readonly ListenRangeSettings[] = []): SpeakerSettings {
  return {
    name: 'nva',
    asn: ASN,
    routerId: 0xc0000201,
    clusterId: 0xc0000201,
    peers,
    listenRanges,
    endOfRib: END_OF_RIB,
    vnImport: null,
    vnExport: null,
  }
}

const leaf = (n: number, more: Partial<PeerSettings> = {}) => peerSettings(`leaf${n}`, `192.0.2.${n}`, ASN, more)

function range(typed: string, more: Partial<ListenRangeSettings> = {}): ListenRangeSettings {
  const prefix = parsePrefix(typed)
  if (!prefix.ok) throw new Error(typed)
  const { name: _, address: __, ...template } = leaf(0)
  return { ...template, prefix: prefix.value.address, prefixLength: prefix.value.length, limit: 10, ...more }
}

class Stage {
  readonly world = new ScriptedWorld()
  readonly speaker: Speaker

  constructor(settings: SpeakerSettings) {
    this.speaker = new Speaker(settings, evpn, this.world, new Map(), {})
    this.speaker.start()
    this.world.pass(1)
  }

  /** A peer at this address with an Established session. */
  up(address: string): ScriptedPeer {
    const peer = new ScriptedPeer(address)
    peer.handlers = this.speaker.accept(peer)
    this.world.pass(1)
    peer.greet(ASN, 0xc6336400 + Number(address.split('.').at(-1)))
    this.world.pass(1)
    peer.take(NOTIFICATION)
    return peer
  }

  get states(): Record<string, string> {
    return Object.fromEntries([...this.speaker.peers.values()].map((peer) => [peer.settings.name, peer.state]))
  }

  reconfigure(settings: SpeakerSettings) {
    const change = this.speaker.reconfigure(settings)
    // Sessions that begin anew stay away for a moment.
    this.world.pass(300)
    return change
  }
}

test('what differs is told by name, and the same settings differ in nothing', () => {
  const before = settingsOf([leaf(1), leaf(2), leaf(3), leaf(4)], [range('198.51.100.0/24'), range('203.0.113.0/24')])
  const after = settingsOf(
    [leaf(4, { group: 'spines' }), leaf(1), leaf(3, { holdTimeSeconds: 30, group: 'spines' }), leaf(5)],
    [range('198.51.100.0/24', { limit: 20 })],
  )
  const { peers, ranges } = peersChange(before, after)
  expect(peers.added.map(({ name }) => name)).toEqual(['leaf5'])
  expect(peers.removed.map(({ name }) => name)).toEqual(['leaf2'])
  expect(peers.reset.map(({ after, fields }) => [after.name, fields])).toEqual([['leaf3', ['group', 'holdTimeSeconds']]])
  expect(peers.kept.map(({ after, fields }) => [after.name, fields])).toEqual([['leaf4', ['group']]])
  expect(ranges.kept.map(({ fields }) => fields)).toEqual([['limit']])
  expect(ranges.removed).toHaveLength(1)
  const nothing = { added: [], removed: [], reset: [], kept: [] }
  expect(peersChange(before, settingsOf([leaf(2), leaf(1), leaf(4), leaf(3)], [...before.listenRanges]))).toEqual({
    peers: nothing,
    ranges: nothing,
  })
})

test('a removed peer hears Peer De-configured, one with another hold time Other Configuration Change, others nothing (RFC 4486 §4)', () => {
  const stage = new Stage(settingsOf([leaf(1), leaf(2), leaf(3), leaf(4)]))
  const [gone, again, kept, same] = ['192.0.2.1', '192.0.2.2', '192.0.2.3', '192.0.2.4'].map((address) => stage.up(address))
  stage.reconfigure(settingsOf([leaf(2, { holdTimeSeconds: 30 }), leaf(3, { group: 'spines', connectRetrySeconds: 9 }), leaf(4)]))
  expect([gone, again, kept, same].map((peer) => peer?.take(NOTIFICATION))).toEqual([[DECONFIGURED], [CONFIGURATION_CHANGE], [], []])
  expect(stage.states).toEqual({ leaf2: 'Active', leaf3: 'Established', leaf4: 'Established' })
  expect(stage.speaker.peers.get('leaf3')?.settings).toMatchObject({ group: 'spines', connectRetrySeconds: 9 })
  expect(stage.speaker.peers.get('leaf3')?.established).toBe(1)
  // The address of the removed peer is nobody's any more; the one that began anew comes back with what it is now.
  expect(stage.speaker.accept(new ScriptedPeer('192.0.2.1'))).toBeNull()
  stage.up('192.0.2.2')
  expect(stage.states).toMatchObject({ leaf2: 'Established' })
  expect(stage.speaker.peers.get('leaf2')?.standing?.agreed.holdTimeSeconds).toBe(0)
})

test('a new peer is taken in, at an address that came by a listen range until now too', () => {
  const ranges = [range('192.0.2.0/24')]
  const stage = new Stage(settingsOf([], ranges))
  const ranged = stage.up('192.0.2.7')
  expect(stage.states).toEqual({ '192.0.2.7': 'Established' })
  stage.reconfigure(settingsOf([leaf(7), leaf(8)], ranges))
  expect(ranged.take(NOTIFICATION)).toEqual([CONFIGURATION_CHANGE])
  expect(stage.states).toEqual({ leaf7: 'Active', leaf8: 'Active' })
  stage.up('192.0.2.7')
  expect(stage.states).toEqual({ leaf7: 'Established', leaf8: 'Active' })
})

test('two peers change addresses', () => {
  const stage = new Stage(settingsOf([leaf(1), leaf(2)]))
  for (const address of ['192.0.2.1', '192.0.2.2']) stage.up(address)
  stage.reconfigure(settingsOf([leaf(1, { address: '192.0.2.2' }), leaf(2, { address: '192.0.2.1' })]))
  expect(stage.states).toEqual({ leaf1: 'Active', leaf2: 'Active' })
  stage.up('192.0.2.1')
  expect(stage.states).toEqual({ leaf1: 'Active', leaf2: 'Established' })
})

test('sessions out of a listen range stay when only their treatment changes, and count against its new limit', () => {
  const stage = new Stage(settingsOf([], [range('192.0.2.0/24')]))
  const [one, two] = [stage.up('192.0.2.1'), stage.up('192.0.2.2')]
  stage.reconfigure(settingsOf([], [range('192.0.2.0/24', { group: 'spines', limit: 2 })]))
  expect([one.take(NOTIFICATION), two.take(NOTIFICATION)]).toEqual([[], []])
  expect(stage.speaker.peers.get('192.0.2.1')?.settings.group).toBe('spines')
  expect(stage.speaker.accept(new ScriptedPeer('192.0.2.3'))).toBeNull()
  // The same settings, read anew, end no session and forget none.
  stage.reconfigure(settingsOf([], [range('192.0.2.0/24', { group: 'spines', limit: 2 })]))
  expect(stage.speaker.accept(new ScriptedPeer('192.0.2.3'))).toBeNull()
  expect(stage.states).toEqual({ '192.0.2.1': 'Established', '192.0.2.2': 'Established' })
})

test('sessions of a range that goes, that is made anew, or that a narrower one takes over, end and say why', () => {
  const stage = new Stage(settingsOf([], [range('192.0.2.128/26'), range('192.0.2.192/26'), range('192.0.2.0/25')]))
  const [gone, again, narrowed, stays] = ['192.0.2.1', '192.0.2.129', '192.0.2.200', '192.0.2.210'].map((address) => stage.up(address))
  stage.reconfigure(settingsOf([], [range('192.0.2.200/29'), range('192.0.2.128/26', { holdTimeSeconds: 30 }), range('192.0.2.192/26')]))
  expect([gone, again, narrowed, stays].map((peer) => peer?.take(NOTIFICATION))).toEqual([
    [DECONFIGURED],
    [CONFIGURATION_CHANGE],
    [CONFIGURATION_CHANGE],
    [],
  ])
  expect(stage.states).toEqual({ '192.0.2.210': 'Established' })
  stage.up('192.0.2.129')
  expect(stage.speaker.peers.get('192.0.2.129')?.settings.holdTimeSeconds).toBe(30)
})

test.each([
  ['reset', (speaker: Speaker) => speaker.reset(speaker.peers.get('192.0.2.1')!)],
  [
    'begun anew by a reload',
    (speaker: Speaker) => void speaker.reconfigure(settingsOf([], [range('192.0.2.0/24', { holdTimeSeconds: 30 })])),
  ],
])(
  'a session out of a listen range that is %s stays away for a moment, however soon its peer dials again, and takes no place after it',
  (_, end) => {
    const stage = new Stage(settingsOf([], [range('192.0.2.0/24')]))
    const { world, speaker } = stage
    stage.up('192.0.2.1')
    end(speaker)
    // Within 50 ms FRR 8.4 takes what goes and comes for one change.
    world.pass(200)
    const early = new ScriptedPeer('192.0.2.1')
    early.handlers = speaker.accept(early)
    world.pass(1)
    expect([early.closed, stage.states]).toEqual([true, { '192.0.2.1': 'Idle' }])
    world.pass(100)
    expect(stage.states).toEqual({})
    stage.up('192.0.2.1')
    world.pass(1000)
    expect(stage.states).toEqual({ '192.0.2.1': 'Established' })
  },
)

test('a peer that has no session is dialled by the new settings at once', () => {
  const stage = new Stage(settingsOf([leaf(1, { passive: true })]))
  expect(stage.states).toEqual({ leaf1: 'Active' })
  stage.reconfigure(settingsOf([leaf(1, { passive: false })]))
  expect(stage.states).toEqual({ leaf1: 'Connect' })
})
