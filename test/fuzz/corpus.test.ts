/** The crash corpus and a short campaign: the long one is `npm run fuzz`, see README.md. */
import { describe, expect, it } from 'vitest'
import { hex } from '../../src/bytes/octets.ts'
import { Campaign } from './campaign.ts'
import { Chance } from './chance.ts'
import { mutated } from './mutate.ts'
import { joinTlvs, putTogether, takeApart, tlvs } from './pieces.ts'
import { crashCorpus, seedMessages } from './seeds.ts'

const SMOKE = { seed: 20_000, messages: 20_000 }

function findings(campaign: Campaign): string[] {
  return [...campaign.findings.values()].map(
    ({ index, what, inputs }) => `${index}: ${what}\n${inputs.map((octets) => hex(octets)).join('\n')}`,
  )
}

describe('what once broke a rule', () => {
  for (const { name, octets } of crashCorpus()) {
    it(`does so no more: ${name}`, () => {
      // The same input in many ways: contexts, cuts and sessions are drawn by its place.
      const campaign = new Campaign({ seed: 1, messages: 0, seeds: Array.from({ length: 40 }, () => octets), coverage: null })
      expect(findings(campaign)).toEqual([])
    })
  }
})

describe('a campaign', () => {
  it(`of ${SMOKE.messages} messages finds nothing`, { timeout: 60_000 }, () => {
    const campaign = new Campaign({ ...SMOKE, seeds: seedMessages(), coverage: null })
    while (!campaign.over) campaign.batch()
    expect(findings(campaign)).toEqual([])
    // It came through to the RIB, out of it again, and to every kind of end.
    expect(campaign.tally.learned).toBeGreaterThan(1000)
    expect(campaign.tally.withdrawn).toBeGreaterThan(50)
    expect(campaign.tally.heard).toBeGreaterThan(1000)
    for (const ending of [
      '1/1',
      '1/2',
      '1/3',
      '2/0',
      '2/1',
      '2/2',
      '2/6',
      '3/1',
      '3/2',
      '3/4',
      '3/5',
      '3/9',
      '3/10',
      '5/1',
      '5/3',
      '7/1',
    ]) {
      expect(campaign.tally.endings.has(ending), ending).toBe(true)
    }
  })

  it('gives the same inputs for the same seed', () => {
    const seeds = seedMessages()
    const inputs = (seed: number) => Array.from({ length: 200 }, (_, index) => hex(mutated(Chance.at(seed, index), seeds, [])))
    expect(inputs(7)).toEqual(inputs(7))
    expect(inputs(7)).not.toEqual(inputs(8))
  })
})

describe('messages taken apart', () => {
  it('are put together again', () => {
    const update = crashCorpus().find(({ name }) => name.startsWith('no-advertise'))!.octets
    expect(putTogether(takeApart(update))).toEqual(update)
    const list = Uint8Array.of(1, 2, 9, 9, 3, 0)
    expect(joinTlvs(tlvs(list))).toEqual(list)
  })
})
