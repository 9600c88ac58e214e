/** When an NVA that has just started tells another domain that this was all (End-of-RIB), while NVEs come by listen ranges. */
import { describe, expect, test } from 'vitest'
import { checkText } from '../../src/config/check-text.ts'
import { Nva } from '../../src/daemon/nva.ts'
import { Region } from './region.ts'
import { macRoute, ScriptedPeer } from './scripted-peer.ts'

const AMS = '192.0.2.1'
const LEAF = '192.0.2.11'
const FRA = '198.51.100.1'
const inRange = (which: number) => `192.0.2.${64 + which}`
const mac = (which: number) => `02:00:00:00:00:${(16 + which).toString(16)}`
/** Who says nothing of End-of-RIB has told all after this time. */
const TOLD_AFTER = 10_000
/** Between two looks. */
const LOOK = 1_100

function stage(seed: number, { endOfRib = '{}', ranges = ['192.0.2.64/26'], leaf = false } = {}) {
  const region = new Region(seed)
  const checked = checkText(
    `
nva: { name: ams-1, domain: ams, asn: 65001, routerId: ${AMS}, listen: ["${AMS}:179"] }
vns: { web: { vni: 10100 } }
peerGroups: { leaves: { role: nve } }
peers: { ${leaf ? `leaf: { address: ${LEAF}, passive: true }` : ''} }
listenRanges: [${ranges.map((prefix) => `{ prefix: ${prefix}, group: leaves }`).join(', ')}]
federation:
  endOfRib: ${endOfRib}
  domains: { fra: { asn: 65002, peers: [${FRA}], passive: true, share: { web: {} } } }
`,
    'ams.yaml',
  )
  if (!checked.ok) throw new Error(JSON.stringify(checked.problems))
  const log: string[] = []
  const nva = new Nva(checked.configuration, region.host(AMS), {
    toldAll: ({ settings: { name } }, ms, missing) => log.push(`${name} after ${Math.floor(ms / 1000)} s, without ${missing.join(' ')}`),
  })
  region.listen(AMS, 179, (link) => nva.speaker.accept(link))
  nva.speaker.start()
  const dial = (address: string, asn: number) => {
    const peer = new ScriptedPeer(region, { address, asn, peerAs: 65001, to: AMS }).dial()
    expect(region.runUntil(() => peer.up, 10_000)).toBe(true)
    return peer
  }
  const fra = dial(FRA, 65002)
  return {
    region,
    fra,
    log,
    /** An NVE comes and says what it has; `ends` with End-of-RIB or not. */
    come(address: string, which: number, ends: boolean) {
      const edge = dial(address, 65001)
      edge.announce([macRoute(address, mac(which), null, 10100)], ['65001:10100'])
      if (ends) edge.withdraw([])
      return edge
    },
    /** Runs until fra has been told that this was all; ms since the start. */
    told(limit = 200_000): number {
      expect(region.runUntil(() => ended(fra), limit)).toBe(true)
      return region.now
    },
  }
}

const ended = (peer: ScriptedPeer) => peer.all('UPDATE').some(({ endOfRib }) => endOfRib !== undefined)

describe('End-of-RIB to another domain', () => {
  test('is told when those who have come by a listen range have told all and nobody else has come for twenty seconds', () => {
    const { region, come, told, fra } = stage(1)
    come(inRange(1), 1, true)
    region.run(15_000)
    come(inRange(2), 2, true)
    const last = region.now
    const at = told()
    expect(at - last).toBeGreaterThanOrEqual(19_900)
    expect(at - last).toBeLessThan(20_000 + LOOK)
    expect(fra.table.size).toBe(2)
  })

  test('waits for one of them who has not told all, and no longer than for those who never say so', () => {
    const { come, told } = stage(2, { endOfRib: '{ quiet: 2 }' })
    come(inRange(1), 1, true)
    come(inRange(2), 2, false)
    const at = told()
    expect(at).toBeGreaterThanOrEqual(TOLD_AFTER)
    expect(at).toBeLessThan(TOLD_AFTER + 2 * LOOK)
  })

  test('waits for NVEs that are configured besides', () => {
    const { region, come, told } = stage(3, { leaf: true })
    come(inRange(1), 1, true)
    region.run(60_000)
    come(LEAF, 2, true)
    const at = told()
    expect(at).toBeGreaterThanOrEqual(60_000)
    expect(at).toBeLessThan(60_000 + 2 * LOOK)
  })

  test.each([
    ['by which nobody has come', stage(4, { endOfRib: '{ within: 50 }', ranges: ['192.0.2.64/26', '203.0.113.0/24'] }), 50_000],
    ['as long as others come all the time', stage(5), 120_000],
  ])('waits for a range %s as long as is said, and not longer', (what, { region, come, told, fra }, within) => {
    if (what.startsWith('as long as')) {
      for (let which = 1; which < 20; which++) {
        come(inRange(which), which, true)
        region.run(6_500)
      }
    } else come(inRange(1), 1, true)
    const at = ended(fra) ? region.now : told()
    expect(at).toBeGreaterThanOrEqual(within)
    expect(at).toBeLessThan(within + 6_500 + LOOK)
  })

  test('says how long it has waited, and for whom in vain', () => {
    const patient = stage(7, { endOfRib: '{ quiet: 3 }' })
    patient.come(inRange(1), 1, true)
    patient.told()
    expect(patient.log).toEqual([`fra/${FRA} after 4 s, without `])
    const late = stage(8, { endOfRib: '{ within: 30 }', ranges: ['192.0.2.64/26', '203.0.113.0/24'], leaf: true })
    late.come(inRange(1), 1, true)
    late.told()
    expect(late.log).toEqual([`fra/${FRA} after 30 s, without leaf 203.0.113.0/24`])
  })

  test('waits for nobody where that is said', () => {
    const { told } = stage(6, { endOfRib: '{ within: 0 }' })
    expect(told()).toBeLessThan(LOOK)
  })

  test.each(Array.from({ length: 20 }, (_, i) => i + 1))(
    'comes behind what all have said who come in time, in whatever order (seed %i)',
    (seed) => {
      const random = new Region(seed)
      const quiet = 5 + Math.floor(random.random() * 30)
      const { region, come, told, fra } = stage(seed, { endOfRib: `{ quiet: ${quiet}, within: 600 }`, leaf: true })
      const count = 2 + Math.floor(random.random() * 8)
      const leafAt = Math.floor(random.random() * count)
      let lastTold = 0
      let lastOfRange = Number.POSITIVE_INFINITY
      for (let which = 0; which < count; which++) {
        expect(ended(fra)).toBe(false)
        const ends = random.random() < 0.7
        come(which === leafAt ? LEAF : inRange(which), which, ends)
        lastTold = Math.max(lastTold, region.now + (ends ? 0 : TOLD_AFTER))
        if (which !== leafAt) lastOfRange = region.now
        // The next one comes before it has been quiet for long enough.
        if (which < count - 1)
          region.run(Math.floor(random.random() * (Math.min(lastOfRange, region.now) + 1000 * quiet - 500 - region.now)))
      }
      const at = told(700_000)
      expect(fra.table.size).toBe(count)
      expect(at).toBeGreaterThanOrEqual(lastTold)
      expect(at).toBeLessThanOrEqual(Math.max(lastTold, lastOfRange + 1000 * quiet) + 2 * LOOK)
    },
  )
})
