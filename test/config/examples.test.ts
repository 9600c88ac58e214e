import { readdirSync, readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { loadConfiguration } from '../../src/config/configuration.ts'
import { loadEdgeConfiguration } from '../../src/config/edge.ts'
import { formatProblem } from '../../src/config/file/problem.ts'
import { configurationSchema } from '../../src/config/json-schema.ts'

const folder = new URL('../../configs/', import.meta.url).pathname

const CONFIGURATION = /(?<!\.cases)\.yaml$/

test.each(readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) => CONFIGURATION.test(name)))(
  'configs/%s is a good configuration',
  async (name) => {
    const result = name === 'edge.yaml' ? loadEdgeConfiguration(folder + name) : await loadConfiguration(folder + name)
    expect(result.ok ? [] : result.problems.map(formatProblem)).toEqual([])
  },
)

test('the two federated domains name each other', async () => {
  const [ams, fra] = await Promise.all(['ams', 'fra'].map((name) => loadConfiguration(`${folder}federation-${name}.yaml`)))
  if (!ams?.ok || !fra?.ok) throw new Error('an example is not good')
  expect(ams.configuration.federation.domains[0]?.asn).toBe(fra.configuration.speaker.asn)
  expect(fra.configuration.federation.domains[0]?.asn).toBe(ams.configuration.speaker.asn)
  expect(ams.configuration.listen).toContainEqual({ address: '192.0.2.1', port: fra.configuration.speaker.peers.at(-1)?.port })
})

interface SchemaNode {
  properties?: Record<string, SchemaNode>
  additionalProperties?: SchemaNode | boolean
  items?: SchemaNode
  anyOf?: SchemaNode[]
  not?: unknown
}

/** The keys of a schema that can be used. What there is to match and to set has a reference of its own. */
function usableKeys(node: SchemaNode): string[] {
  const inside = [node.items, node.additionalProperties, ...(node.anyOf ?? [])].filter((of) => typeof of === 'object')
  const own = Object.entries(node.properties ?? {}).filter(([, of]) => of.not === undefined)
  return [...own.flatMap(([key, of]) => [key, ...(key === 'match' || key === 'set' ? [] : usableKeys(of))]), ...inside.flatMap(usableKeys)]
}

test('the reference shows every key of the schema', () => {
  const keys = new Set(usableKeys(configurationSchema('nva') as SchemaNode))
  expect(keys.size).toBeGreaterThan(30)
  const reference = readFileSync(`${folder}reference.yaml`, 'utf8')
  expect([...keys].filter((key) => !new RegExp(`\\b${key}:`).test(reference))).toEqual([])
})
