/**
 * The policies of a configuration, compiled, and the chains that name them. What says the same as in the configuration that runs is the same object: that is
 * how everybody after us knows that nothing has changed.
 */
import { ACCEPT, REJECT, WITHOUT_POLICY } from '../../policy/built-in.ts'
import { Chain, type Judgement, type Policy } from '../../policy/chain.ts'
import type { Environment } from '../../policy/modules/module.ts'
import { type VnChain, VnChains } from '../../policy/vn-chains.ts'
import { type FieldPath, type Problem, problemAt } from '../file/problem.ts'
import type { YamlSource } from '../file/yaml-source.ts'
import type { ConfigurationFile } from '../schema/nva-schema.ts'
import type { PolicyNames } from '../schema/policy-schema.ts'
import { INTER_VN, interVnTerms } from './inter-vn-terms.ts'
import type { LoadedModule } from './own-modules.ts'
import type { PolicyFiles } from './policy-files.ts'
import { type PolicySettings, policySettings } from './policy-settings.ts'

interface Compiled {
  readonly policy: Policy
  readonly settings: PolicySettings
  /** All that its meaning hangs on: as text, and modules of the operator's own. */
  readonly meaning: string
  readonly own: readonly (LoadedModule | undefined)[]
}

/** What policies are read with: see there. */
export type PolicyLanguage = Pick<typeof import('./policy-language.ts'), 'configurationFile' | 'compilePolicy'>

/** What policies are compiled in. */
export interface PolicySurroundings {
  readonly environment: Omit<Environment, 'lines'>
  readonly files: PolicyFiles
  /** Modules of the operator's own by name. */
  readonly own: ReadonlyMap<string, LoadedModule>
}

export class CompiledPolicies {
  readonly problems: readonly Problem[]
  private readonly compiled = new Map<string, Compiled>()
  private readonly chains = new Map<string, Chain>()
  private readonly running: CompiledPolicies | undefined

  /** `compile`: null, and there is nothing to compile. */
  constructor(
    file: ConfigurationFile,
    source: YamlSource,
    compile: PolicyLanguage['compilePolicy'] | null,
    surroundings: PolicySurroundings,
    running: CompiledPolicies | undefined,
  ) {
    this.running = running
    const problems: Problem[] = []
    const modules = new Map([...surroundings.own].map(([name, { module }]) => [name, module]))
    const rules = interVnTerms(file.interVn ?? [], surroundings.environment.vns)
    for (const typed of [...policySettings(file), ...(rules.length === 0 ? [] : [{ name: INTER_VN, terms: rules }])]) {
      const { name } = typed
      const asked = new Map<string, string>()
      if (compile === null) throw new Error(`the policy ${name} without the language of policies`)
      const { policy, troubles } = compile(name, typed.terms, environmentOf(surroundings, asked), modules)
      const place: FieldPath = ['policies', name, ...('terms' in (file.policies?.[name] ?? {}) ? ['terms'] : [])]
      for (const { term, path, found, expected } of troubles) problems.push(problemAt(source, [...place, term, ...path], found, expected))
      const own = ownNames(typed).map((one) => surroundings.own.get(one))
      for (const { path, digest } of own.flatMap((one) => one?.thread.files ?? [])) asked.set(path, digest)
      const files = Object.fromEntries([...asked].filter(([what]) => what !== SURROUNDINGS && what !== OWN_ADDRESS))
      const settings = { ...typed, files }
      const meaning = JSON.stringify([typed.terms, [...asked]])
      const before = running?.compiled.get(name)
      const same = before?.meaning === meaning && own.every((one, i) => one === before.own[i])
      this.compiled.set(name, same ? before : { policy, settings, meaning, own })
    }
    this.problems = problems
  }

  get settings(): readonly PolicySettings[] {
    return [...this.compiled.values()].map(({ settings }) => settings)
  }

  get policies(): readonly Policy[] {
    return [...this.compiled.values()].map(({ policy }) => policy)
  }

  /** The chain of the policies named in one place; null: none is. */
  chain(names: PolicyNames | undefined, otherwise: Judgement): Chain | null {
    if (names === undefined) return null
    return this.chainOf(
      [names].flat().map((name) => this.policy(name)),
      otherwise,
    )
  }

  /** The chain for what NVEs of the domain are told: first the rules between VNs, if there are any, then what is named in one place; null: there is neither. */
  chainToNve(names: PolicyNames | undefined, otherwise: Judgement): Chain | null {
    const rules = this.compiled.get(INTER_VN)?.policy
    if (rules === undefined) return this.chain(names, otherwise)
    const named = names === undefined ? [] : [names].flat().map((name) => this.policy(name))
    return this.chainOf([rules, ...named], otherwise)
  }

  /** Of a peer of another AS about which nothing is said (RFC 8212). */
  silence(): Chain {
    return this.chainOf([WITHOUT_POLICY], 'reject')
  }

  /** What is attached to VNs in one direction; null: nothing. */
  ofVns(vns: readonly VnChain[], before: VnChains | null | undefined): VnChains | null {
    if (vns.length === 0) return null
    const made = new VnChains(vns)
    return before?.same(made) ? before : made
  }

  private chainOf(policies: readonly Policy[], otherwise: Judgement): Chain {
    const key = `${policies.map(({ name }) => name).join(' ')} ${otherwise}`
    const known = this.chains.get(key)
    if (known !== undefined) return known
    const before = this.running?.chains.get(key)
    const same = before?.policies.every((policy, i) => policy === policies[i])
    const chain = before !== undefined && same === true ? before : new Chain(policies, otherwise)
    this.chains.set(key, chain)
    return chain
  }

  private policy(name: string): Policy {
    if (name === 'accept') return ACCEPT
    if (name === 'reject') return REJECT
    return this.compiled.get(name)?.policy ?? REJECT
  }
}

const SURROUNDINGS = 'surroundings'
const OWN_ADDRESS = 'own address'

/** Notes in `asked` what a policy asks about, so that it is compiled anew when that changes. */
function environmentOf({ environment, files }: PolicySurroundings, asked: Map<string, string>): Environment {
  const { asn, routerId, ownAddress } = environment
  return {
    asn,
    routerId,
    get ownAddress() {
      asked.set(OWN_ADDRESS, String(ownAddress))
      return ownAddress
    },
    get vns() {
      asked.set(SURROUNDINGS, JSON.stringify(environment.vns.map((vn) => ({ ...vn, ...targetsOf(vn) }))))
      return environment.vns
    },
    lines(path) {
      asked.set(path, files.digest(path))
      return files.lines(path)
    },
  }
}

function targetsOf({ importTargets, exportTargets }: Environment['vns'][number]): { importTargets: string[]; exportTargets: string[] } {
  return { importTargets: importTargets.map(String), exportTargets: exportTargets.map(String) }
}

function ownNames({ terms }: { readonly terms: PolicySettings['terms'] }): string[] {
  return terms.flatMap(({ match, set }) => [match, set].flatMap((part) => Object.keys((part?.own ?? {}) as object)))
}
