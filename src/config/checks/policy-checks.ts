/**
 * What of policies no single field can tell: names that must exist, terms that nothing reaches, peers that nothing was said about. The arguments of
 * modules are judged where policies are compiled.
 */

import { nearest } from '../file/nearest.ts'
import type { FieldPath } from '../file/problem.ts'
import { BUILT_IN } from '../schema/policy-schema.ts'
import type { Checks } from './checks.ts'

const DIRECTIONS = ['import', 'export'] as const

/** All that is wrong with the policies of a file, and what is only strange. */
export function checkPolicies(checks: Checks): void {
  const { view } = checks
  const policies = view.keys(['policies'])
  const modules = view.keys(['policyModules'])
  const named = new Set<string>()
  for (const name of policies) {
    if (isBuiltIn(name)) checks.object(['policies', name], 'another name: accept and reject are always there', `the policy ${name}`, 'key')
    const terms = termsOf(checks, name)
    for (const term of terms) {
      for (const part of ['match', 'set']) checkOwn(checks, [...term, part, 'own'], modules)
    }
    checkReach(checks, terms)
  }
  for (const site of sitesOf(checks)) {
    const chain = namesAt(checks, site)
    chain.forEach(({ path, name }, i) => {
      named.add(name)
      if (!policies.includes(name) && !isBuiltIn(name)) checks.object(path, expectedPolicy(name, policies))
      const before = chain[i - 1]
      if (before !== undefined && decidesAll(checks, before.name)) {
        checks.warn(path, `never asked: ${before.name} before it decides every route`)
      }
    })
  }
  for (const name of policies) {
    if (!named.has(name) && !isBuiltIn(name)) checks.warn(['policies', name], 'no import or export names it', 'key')
  }
  for (const peer of view.keys(['peers'])) checkSilence(checks, ['peers', peer], view.text(['peers', peer, 'group']))
  for (const range of checks.items(['listenRanges'])) checkSilence(checks, range, view.text([...range, 'group']))
}

/** Paths of the terms of a policy, in either of its forms. */
export function termsOf(checks: Checks, policy: string): FieldPath[] {
  const path = ['policies', policy]
  return checks.items(checks.view.has([...path, 'terms']) ? [...path, 'terms'] : path)
}

/** Every place where policies are named: the path of `import` or `export`. */
function sitesOf({ view }: Checks): FieldPath[] {
  const owners: FieldPath[] = [['peerGroups'], ['peers'], ['vns'], ['federation', 'domains']]
  const holders = owners.flatMap((owner) => view.keys(owner).map((name) => [...owner, name]))
  return holders.flatMap((holder) => DIRECTIONS.map((direction) => [...holder, direction])).filter((path) => view.has(path))
}

/** The policies named at an `import` or `export`, one or several. */
export function namesAt(checks: Checks, site: FieldPath): { path: FieldPath; name: string }[] {
  const paths = checks.view.text(site) === undefined ? checks.items(site) : [site]
  return paths.flatMap((path) => {
    const name = checks.view.text(path)
    return name === undefined ? [] : [{ path, name }]
  })
}

function expectedPolicy(typed: string, policies: readonly string[]): string {
  const known = [...BUILT_IN, ...policies]
  const meant = nearest(typed, known)
  const all = `the name of a policy: ${known.join(', ')}`
  return meant === null ? all : `${all}; did you mean ${meant}?`
}

function checkOwn(checks: Checks, path: FieldPath, modules: readonly string[]): void {
  for (const name of checks.view.keys(path)) {
    if (modules.includes(name)) continue
    const known = modules.length === 0 ? 'of which there is none' : modules.join(', ')
    checks.object([...path, name], `a module under policyModules: ${known}`, name, 'key')
  }
}

/** Terms behind one that decides every route. */
function checkReach(checks: Checks, terms: readonly FieldPath[]): void {
  const all = terms.findIndex((term) => isFinal(checks, term))
  const final = terms[all]
  const next = terms[all + 1]
  if (final === undefined || next === undefined) return
  const name = checks.view.text([...final, 'name']) ?? String(all)
  const what = all + 2 === terms.length ? 'never asked' : `never asked, nor are the terms behind it`
  checks.warn(next, `${what}: ${name} (line ${checks.lineOf(final)}) decides every route`)
}

function decidesAll(checks: Checks, policy: string): boolean {
  return isBuiltIn(policy) || termsOf(checks, policy).some((term) => isFinal(checks, term))
}

function isFinal({ view }: Checks, term: FieldPath): boolean {
  const then = view.text([...term, 'then'])
  return (then === 'accept' || then === 'reject') && view.keys([...term, 'match']).length === 0
}

/** RFC 8212: with a peer of another AS nothing is exchanged that no policy lets through. */
function checkSilence(checks: Checks, peer: FieldPath, group: string | undefined): void {
  const { view } = checks
  const own = view.number(['nva', 'asn'])
  const asn = view.number(checks.inherited(peer, 'asn'))
  if (own === undefined || asn === undefined || asn === own) return
  if (group !== undefined && !view.keys(['peerGroups']).includes(group)) return
  const missing = DIRECTIONS.filter((direction) => !view.has(checks.inherited(peer, direction)))
  if (missing.length === 0) return
  const what = { import: 'nothing is accepted from it', export: 'nothing is sent to it' }
  const lines = missing.map((direction) => `${direction}: accept`).join(' and ')
  const told = missing.map((direction) => what[direction]).join(' and ')
  checks.warn(
    peer,
    `AS ${asn} is not the own AS ${own} and no policy is named, so ${told} (RFC 8212); add ${lines}, or policies of your own`,
    'key',
  )
}

function isBuiltIn(name: string): boolean {
  return name === 'accept' || name === 'reject'
}
