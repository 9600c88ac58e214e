import { readFileSync, writeFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { messageContext, readVectorContext, type VectorContext } from '../../src/decode/batch/vector-context.ts'
import { PATH_ATTRIBUTES, pathAttributeNamed } from '../../src/wire/attribute/table.ts'
import { type Fault, wider } from '../../src/wire/fault.ts'
import { readMessage } from '../../src/wire/message.ts'
import { REACTION_NAMES, REACTIONS, type Reaction } from '../../src/wire/reactions.ts'
import { loadVectors, octets } from './vectors.ts'

const VECTORS = new Map(loadVectors('malformed-own').map((vector) => [vector.id, vector]))
const VERDICTS: Readonly<Record<Fault['reach'], RegExp>> = {
  attribute: /^attribute-discard$/,
  route: /^treat-as-withdraw$/,
  session: /^(session-reset|notification:3\/)/,
}
const FILE = new URL('../../src/wire/reactions.md', import.meta.url)

function faultsOf({ vector }: Reaction): readonly Fault[] {
  const given = VECTORS.get(`own-${vector}`)!
  return readMessage(octets(given.hex), messageContext(readVectorContext(given.context) as VectorContext)).faults
}

function page(): string {
  const rows = REACTIONS.map(({ of, when, reach, rfc }) => `| ${of} | ${when} | ${REACTION_NAMES[reach]} | ${rfc} |`)
  return [
    '# What is done about a malformed UPDATE',
    '',
    'Made from `src/wire/reactions.ts`: change it there, then run the tests with `UPDATE_PAGES=1`. Of several faults in a message the widest reach wins.',
    '',
    '| of | when | reaction | says |',
    '| --- | --- | --- | --- |',
    ...rows,
    '',
  ].join('\n')
}

describe('the table of reactions (RFC 7606)', () => {
  for (const reaction of REACTIONS) {
    it(`${reaction.of}, ${reaction.when}: ${REACTION_NAMES[reaction.reach]} (${reaction.rfc})`, () => {
      expect(VECTORS.get(`own-${reaction.vector}`)?.verdict).toMatch(VERDICTS[reaction.reach])
      const faults = faultsOf(reaction)
      const worst = faults.reduce<Fault | null>(wider, null)
      expect(worst?.reach, JSON.stringify(faults)).toBe(reaction.reach)
      const entry = pathAttributeNamed(reaction.of)
      if (entry !== null && (worst?.reach === 'attribute' || worst?.reach === 'route')) expect(worst.attribute).toBe(entry.code)
    })
  }

  it('has a rule for every attribute that is known', () => {
    const told = new Set(REACTIONS.map(({ of }) => of))
    expect(PATH_ATTRIBUTES.filter(({ name }) => !told.has(name)).map(({ name }) => name)).toEqual([])
  })

  it('is the page beside it', () => {
    if (process.env.UPDATE_PAGES !== undefined) writeFileSync(FILE, page())
    expect(readFileSync(FILE, 'utf8')).toBe(page())
  })
})
