/** Policies of a checked file, as they are kept. */
import type { Term } from '../../policy/modules/term-schema.ts'
import type { ConfigurationFile } from '../schema/nva-schema.ts'

/** A policy as typed: to be shown, and to be told from another one. */
export interface PolicySettings {
  readonly name: string
  readonly terms: readonly Term[]
  /** Files it reads, each with what tells one content of it from another. */
  readonly files: Readonly<Record<string, string>>
}

export function policySettings(file: ConfigurationFile): Omit<PolicySettings, 'files'>[] {
  return Object.entries(file.policies ?? {}).map(([name, policy]) => ({ name, terms: 'terms' in policy ? policy.terms : policy }))
}
