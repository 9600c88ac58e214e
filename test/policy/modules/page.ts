/** The reference page of the policy modules, made from their table. */
import { z } from 'zod'
import type { MatchModule, SetModule } from '../../../src/policy/modules/module.ts'
import { MATCHES, SETS } from '../../../src/policy/modules/table.ts'

type Module = MatchModule<unknown> | SetModule<unknown>

interface Node {
  readonly description?: string
  readonly properties?: Readonly<Record<string, Node>>
  readonly items?: Node
}

const LOOKS_AT = {
  attributes: 'Looks at path attributes, next hop and peer alone: asked once for all routes that share them.',
  route: 'Looks at the route itself: asked for every one.',
}

export function referencePage(): string {
  return [
    '# What policies can match and set',
    '',
    'Made from `src/policy/modules/table.ts`: change the modules there, then run `npm run pages`.',
    '',
    'Under `match:` of a term stand the conditions that must all hold; under `set:` what is done to the route. Within one condition a list means any of it.',
    'Files have one entry a line, `#` begins a comment, and relative paths begin at the folder of the configuration file.',
    '',
    '## match',
    '',
    `${list(MATCHES)}`,
    ...MATCHES.flatMap((module) => section(module, 'match')),
    '',
    '## set',
    '',
    'Within one term they are applied in this order, whatever the order in the file.',
    '',
    `${list(SETS)}`,
    ...SETS.flatMap((module) => section(module, 'set')),
    '',
  ].join('\n')
}

function list(modules: readonly Module[]): string {
  return modules.map(({ name }) => `\`${name}\``).join(', ')
}

function section(module: Module, part: 'match' | 'set'): string[] {
  const node = z.toJSONSchema(module.schema, { io: 'input', reused: 'inline' }) as Node
  const keys = Object.entries(node.properties ?? {}).map(([key, of]) => `- \`${key}\`: ${of.description ?? keysOf(of)}.`)
  return [
    '',
    `### ${part} ${module.name}`,
    '',
    module.summary,
    '',
    ...(keys.length > 0 ? [...keys, ''] : node.description === undefined ? [] : [`Takes ${node.description}.`, '']),
    ...(part === 'match' || module.looksAt === 'route' ? [LOOKS_AT[module.looksAt], ''] : []),
    '| example | means |',
    '| --- | --- |',
    ...module.examples.map(({ typed, means }) => `| \`${module.name}: ${yaml(typed).replaceAll('|', '\\|')}\` | ${means} |`),
  ]
}

function keysOf({ items }: Node): string {
  return `a list of { ${Object.keys(items?.properties ?? {}).join(', ')} }`
}

/** As one would type it: flow style, quotes where YAML needs them. */
function yaml(typed: unknown): string {
  if (Array.isArray(typed)) return `[${typed.map(yaml).join(', ')}]`
  if (typeof typed === 'object' && typed !== null) {
    return `{ ${Object.entries(typed)
      .map(([key, value]) => `${key}: ${yaml(value)}`)
      .join(', ')} }`
  }
  if (typeof typed !== 'string') return String(typed)
  return /^[A-Za-z0-9][A-Za-z0-9./-]*(:[A-Za-z0-9.-]+)*$/.test(typed) && !/^[\d:.]+$/.test(typed) ? typed : JSON.stringify(typed)
}
