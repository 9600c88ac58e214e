/**
 * What a policy module of the operator's own is: the default export of a file that the configuration names under `policyModules`. `docs/policy.md` shows it
 * at work.
 */
import type { AttributeChanges, RouteChanges } from './changes.ts'
import type { RouteAttributes, RouteSeen } from './route.ts'

/** Where a module runs: what terms may need to know besides the route. Addresses and route targets are text. */
export interface Here {
  readonly asn: number
  readonly routerId: string
  /** Address of this NVA; null: it listens on none or on several. */
  readonly address: string | null
  readonly vns: readonly {
    readonly name: string
    readonly vni: number
    readonly importTargets: readonly string[]
    readonly exportTargets: readonly string[]
  }[]
}

interface Definition<Argument, Route, Changes> {
  /** Judges what stands behind the name of the module in a term, and makes of it what `match` and `set` are handed. Throws where it cannot be used: the text
   * is told with the line of the configuration file. Without it they are handed what was typed. */
  readonly argument?: (typed: unknown, here: Here) => Argument
  /** Whether the term holds for a route. */
  readonly match?: (route: Route, argument: Argument) => boolean
  /** Changes a route; none of it is done when this throws or takes too long. */
  readonly set?: (route: Route, changes: Changes, argument: Argument) => void
}

/** The answer is the same for all routes that share path attributes, next hop and peer: it is asked once for all of them. */
export interface AttributesModule<Argument> extends Definition<Argument, RouteAttributes, AttributeChanges> {
  readonly looksAt: 'attributes'
}

/** The answer hangs on the single route as well: asked for each of them. */
export interface RouteModule<Argument> extends Definition<Argument, RouteSeen, RouteChanges> {
  readonly looksAt: 'route'
}

export type ModuleDefinition<Argument = unknown> = AttributesModule<Argument> | RouteModule<Argument>

/** Returns its argument: it is there for the types. */
export function defineModule<Argument = unknown>(definition: ModuleDefinition<Argument>): ModuleDefinition<Argument> {
  return definition
}

const FUNCTIONS = ['argument', 'match', 'set'] as const
const KEYS: readonly string[] = ['looksAt', ...FUNCTIONS]
const WHAT = 'export default defineModule({ looksAt, match or set })'

/** Whether what a file exports by default is a module; if not, why, in words that go on after the path of the file. */
export function notAModule(exported: unknown): { readonly found: string; readonly expected: string } | null {
  if (exported === undefined) return { found: 'has no default export', expected: WHAT }
  if (typeof exported !== 'object' || exported === null) return { found: `exports ${typeOf(exported)} by default`, expected: WHAT }
  const looksAt: unknown = Reflect.get(exported, 'looksAt')
  if (looksAt !== 'attributes' && looksAt !== 'route') {
    return { found: `has the looksAt ${JSON.stringify(looksAt) ?? 'undefined'}`, expected: 'looksAt: "attributes" or "route"' }
  }
  const unknown = Object.keys(exported).find((key) => !KEYS.includes(key))
  if (unknown !== undefined) return { found: `has a member ${unknown}`, expected: `nothing but ${KEYS.join(', ')}` }
  for (const name of FUNCTIONS) {
    const member: unknown = Reflect.get(exported, name)
    if (member !== undefined && typeof member !== 'function')
      return { found: `has a ${name} that is ${typeOf(member)}`, expected: `a function ${name}` }
  }
  const parts = ['match', 'set'].filter((name) => Reflect.get(exported, name) !== undefined)
  return parts.length === 0 ? { found: 'has neither a match nor a set', expected: 'match, set or both' } : null
}

function typeOf(value: unknown): string {
  return value === null ? 'null' : typeof value === 'object' ? 'an object' : `a ${typeof value}`
}
