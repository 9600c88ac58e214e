import { expect, test } from 'vitest'
import { ScriptedPeer } from '../../sim/scripted-peer.ts'
import { TwoDomains } from '../../sim/two-domains.ts'

test('an OPEN that does not suit is told: in the last error, in the counters and, with its octets, among the errors', () => {
  const world = new TwoDomains(1).startAll(['ams'])
  new ScriptedPeer(world.region, { address: '192.0.2.11', asn: 65099, peerAs: 65001, to: '192.0.2.1' }).dial()
  world.region.run(2_000)
  const { speaker } = world.nva('ams')
  const peer = [...speaker.peers.values()].find(({ settings }) => settings.address === '192.0.2.11')!
  expect(peer.lastError).toContain('peer has AS 65099, expected AS 65001 (sent OPEN Message Error/Bad Peer AS (2/2))')
  const record = speaker.faults.all().find(({ address }) => address === '192.0.2.11')
  expect(record).toMatchObject({
    reach: 'session-reset',
    why: 'peer has AS 65099, expected AS 65001',
    notification: { code: 2, subcode: 2 },
  })
  expect(record?.octets.length).toBeGreaterThan(29)
  expect([...peer.faults.byReason.keys()]).toEqual(['session-reset: peer has AS 65099, expected AS 65001'])
})
