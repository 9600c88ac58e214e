import { readFileSync, writeFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { configurationSchema } from '../../../src/config/json-schema.ts'
import { isTrouble } from '../../../src/policy/modules/argument/fields.ts'
import { MATCHES, SETS } from '../../../src/policy/modules/table.ts'
import { referencePage } from './page.ts'
import { environment } from './route.ts'

const FILES = environment({
  'storage-macs.txt': '02:53:00:00:00:01\n02:53:00:00:00:02',
  'hosts.txt': '10.1.0.1\n10.2.0.0/16',
  'prefixes.txt': '10.0.0.0/8 le 24',
  'old-vteps.txt': '192.0.2.66',
  'routers.txt': '192.0.2.11',
})
const PAGE = new URL('../../../docs/policy-modules.md', import.meta.url)

/** Arguments that no module can mean anything by. */
const NONSENSE = [null, '', 'no such thing', -1, 2 ** 33, 0.5, [], {}, { nonsense: 1 }, [{}], [[]], false]

describe.each([
  ['match', MATCHES],
  ['set', SETS],
] as const)('%s', (_part, modules) => {
  it('has a name of its own for each', () => {
    expect(new Set(modules.map(({ name }) => name)).size).toBe(modules.length)
    for (const { name } of modules) expect(name).toMatch(/^[a-z][A-Za-z]+$/)
  })

  describe.each(modules.map((module) => [module.name, module] as const))('%s', (name, module) => {
    it('takes and compiles each of its examples', () => {
      expect(module.examples.length).toBeGreaterThan(0)
      for (const { typed } of module.examples) {
        const read = module.schema.safeParse(typed)
        expect(read.error?.issues, `${name}: ${JSON.stringify(typed)}`).toBeUndefined()
        const compiled = module.compile(read.data, FILES)
        expect(isTrouble(compiled) ? compiled : null, JSON.stringify(typed)).toBeNull()
      }
    })

    it('says of nonsense what would be right', () => {
      let refused = 0
      for (const typed of NONSENSE) {
        const read = module.schema.safeParse(typed)
        if (read.success) continue
        refused++
        for (const { message } of read.error.issues) expect(message).not.toMatch(/^Invalid|^Unrecognized|^Too/)
      }
      expect(refused).toBeGreaterThanOrEqual(NONSENSE.length - 4)
    })

    it('says what it is in a sentence, for the page and the JSON Schema', () => {
      expect(module.summary).toMatch(/^[A-Z].*\.$/s)
      for (const { means } of module.examples) expect(means).not.toBe('')
      expect(JSON.stringify(z.toJSONSchema(module.schema, { io: 'input' }))).toContain('"description"')
    })
  })
})

it('shows summary and examples of every module in the JSON Schema of the configuration', () => {
  const schema = configurationSchema('nva') as { properties: { policies: { additionalProperties: unknown } } }
  const text = JSON.stringify(schema.properties.policies)
  for (const { summary, examples } of [...MATCHES, ...SETS]) {
    expect(text).toContain(JSON.stringify(summary))
    expect(text).toContain(`"examples":${JSON.stringify(examples.map(({ typed }) => typed))}`)
  }
})

it('is the reference page docs/policy-modules.md', () => {
  if (process.env.UPDATE_PAGES !== undefined) writeFileSync(PAGE, referencePage())
  expect(readFileSync(PAGE, 'utf8')).toBe(referencePage())
})
