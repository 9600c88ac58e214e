/** The doors of the room for an NVA: a configuration file in, checked settings out, or everything that is wrong with it. */
import { dirname } from 'node:path'
import { z } from 'zod'
import { known } from '../address/parsed.ts'
import { parseRouterId } from '../address/router-id.ts'
import type { DomainSettings } from '../domain/settings.ts'
import type { FederationSettings } from '../federation/settings.ts'
import type { SpeakerSettings } from '../speaker/settings.ts'
import type { Endpoint } from '../speaker/world.ts'
import { crossProblems } from './checks/cross-checks.ts'
import { readText } from './file/file-text.ts'
import { isOther } from './file/other-kind.ts'
import { inOrder, type Problem, problemAt } from './file/problem.ts'
import { schemaProblems } from './file/schema-check.ts'
import { secretsFrom } from './file/secret.ts'
import { readYaml, type YamlSource } from './file/yaml-source.ts'
import { CompiledPolicies, type PolicyLanguage, type PolicySurroundings } from './policies/compiled-policies.ts'
import { languageInPieces } from './policies/language-in-pieces.ts'
import { endModules, isLoaded, type LoadedModules, loadModules, NO_MODULES } from './policies/own-modules.ts'
import { PolicyFiles } from './policies/policy-files.ts'
import type { PolicySettings } from './policies/policy-settings.ts'
import { type ConfigurationFile, configurationFileOf } from './schema/nva-schema.ts'
import {
  BGP_PORT,
  domainSettings,
  federationSettings,
  knownAddress,
  listenEndpoints,
  speakerSettings,
  vnSettings,
} from './settings/settings-of.ts'
import { apiSocket, type LogLevel, socketProblems } from './settings/shared-keys.ts'

/** An NVA as its operator wants it. */
export interface Configuration {
  /** The file it came from, as it was named. */
  readonly file: string
  readonly name: string
  readonly speaker: SpeakerSettings
  readonly domain: DomainSettings
  readonly federation: FederationSettings
  readonly policies: readonly PolicySettings[]
  /** The policies, ready to be asked. */
  readonly compiled: CompiledPolicies
  /** Policy modules of the operator's own, running: who drops a configuration ends those that no other one has (`endModules`). */
  readonly modules: LoadedModules
  readonly listen: readonly Endpoint[]
  readonly api: { readonly socket: string }
  readonly log: { readonly level: LogLevel }
}

/** `warnings`: what can be meant, but hardly is. `source`: where things stand in the file. */
export type Checked<T> =
  | { readonly ok: true; readonly configuration: T; readonly warnings: readonly Problem[]; readonly source: YamlSource }
  | { readonly ok: false; readonly problems: readonly Problem[] }

/** One listener that takes both IP versions. */
const EVERYWHERE: readonly Endpoint[] = [{ address: '::', port: BGP_PORT }]

/** What a configuration is read beside. */
export interface Beside {
  /** Policy modules of the operator's own, loaded. */
  readonly modules?: LoadedModules
  /** The configuration that runs: policies that say the same in both are the same objects. */
  readonly running?: Configuration
}

/** For files without policies. A policy with terms would not fit, whatever they are. */
const WITHOUT_POLICIES = configurationFileOf(z.never())

/** Reads and checks the file at `path`. Paths inside it begin at its folder. `running`: see `Beside`. */
export async function loadConfiguration(path: string, running?: Configuration): Promise<Checked<Configuration>> {
  const text = readText(path)
  if (!text.ok) return { ok: false, problems: [text.problem] }
  const yaml = readYaml(text.value, path)
  const language = hasPolicies(yaml.source?.value) ? await languageFor(running) : null
  const modules = await loadModules(text.value, path, running?.modules)
  const checked = checkYaml(yaml, path, language, running === undefined ? { modules } : { modules, running })
  if (!checked.ok) endModules(modules, running?.modules ?? NO_MODULES)
  return checked
}

/** At a start nobody waits for anything else. */
function languageFor(running: Configuration | undefined): Promise<PolicyLanguage> {
  return running === undefined ? import('./policies/policy-language.ts') : languageInPieces()
}

/** Whether there is anything that only the language of policies can judge; rules between VNs are policies too. */
function hasPolicies(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return false
  const { policies, interVn } = value as { readonly policies?: unknown; readonly interVn?: unknown }
  return (policies ?? interVn ?? null) !== null
}

/** Checks a configuration file; `file` names it in problems, and its folder is where paths inside it begin. `language`: null, and it has no policies. */
export function checkYaml(
  { source, problems }: ReturnType<typeof readYaml>,
  file: string,
  language: PolicyLanguage | null,
  beside: Beside,
): Checked<Configuration> {
  if (source === null) return { ok: false, problems }
  const configurationFile = language?.configurationFile ?? WITHOUT_POLICIES
  if (isOther(source, 'nve', 'nva')) {
    return {
      ok: false,
      problems: [
        problemAt(source, ['nve'], 'the configuration of an edge', 'that of an NVA; an edge runs with: fednva nve --config', 'key'),
      ],
    }
  }
  const readSecret = secretsFrom(dirname(file))
  const objections = schemaProblems(source, configurationFile)
  const cross = crossProblems(source, objections, readSecret)
  problems.push(...objections, ...cross.problems, ...socketProblems(source, 'nva'))
  if (problems.length > 0) return { ok: false, problems: inOrder(problems) }
  const checked = configurationFile.parse(source.value)
  const { modules = NO_MODULES } = beside
  problems.push(...moduleProblems(checked, source, modules))
  if (problems.length > 0) return { ok: false, problems: inOrder(problems) }
  const compiled = new CompiledPolicies(
    checked,
    source,
    language?.compilePolicy ?? null,
    surroundings(checked, file, modules),
    beside.running?.compiled,
  )
  if (compiled.problems.length > 0) return { ok: false, problems: inOrder(compiled.problems) }
  return {
    ok: true,
    configuration: {
      file,
      name: checked.nva.name,
      speaker: speakerSettings(checked, readSecret, compiled, beside.running?.speaker),
      domain: domainSettings(checked),
      federation: federationSettings(checked),
      policies: compiled.settings,
      compiled,
      modules,
      listen: listenEndpoints(checked.nva.listen, EVERYWHERE),
      api: { socket: apiSocket(checked.nva, file) },
      log: { level: checked.nva.log?.level ?? 'info' },
    },
    warnings: inOrder(cross.warnings),
    source,
  }
}

/** What policies may ask about. */
function surroundings(checked: ConfigurationFile, file: string, modules: LoadedModules): PolicySurroundings {
  const { nva, vns } = checked
  const environment = {
    asn: nva.asn,
    routerId: known(parseRouterId(nva.routerId)),
    ownAddress: knownAddress(nva),
    vns: vnSettings(nva.asn, vns ?? {}),
  }
  const own = new Map([...modules].flatMap(([name, one]) => (isLoaded(one) ? [[name, one] as const] : [])))
  return { environment, files: new PolicyFiles(dirname(file)), own }
}

/** Modules whose files cannot be used. Every one that is named must run: what is dropped would let routes through that somebody meant to keep. */
function moduleProblems({ policyModules }: ConfigurationFile, source: YamlSource, modules: LoadedModules): Problem[] {
  return Object.entries(policyModules ?? {}).flatMap(([name, { file }]) => {
    const one = modules.get(name) ?? { found: file, expected: 'a file that has been loaded' }
    return isLoaded(one) ? [] : [problemAt(source, ['policyModules', name, 'file'], one.found, one.expected)]
  })
}
