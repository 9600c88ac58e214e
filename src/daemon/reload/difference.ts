/**
 * What is different in a configuration file that was read again: what an operator is told, and what decides how much there is to do. Pure.
 */

import { formatPrefix } from '../../address/prefix.ts'
import { formatRouterId } from '../../address/router-id.ts'
import type { Configuration } from '../../config/configuration.ts'
import type { FieldPath } from '../../config/file/problem.ts'
import { type ChangesOf, type PeersChange, peersChange } from '../../speaker/peers/peers-change.ts'
import type { ListenRangeSettings } from '../../speaker/settings.ts'
import { otherBoundaries } from '../nva.ts'

export interface Difference {
  /** What an NVA is from its start to its end: other values need a restart, and nothing at all is applied. */
  readonly restart: readonly Fixed[]
  readonly peers: PeersChange
  readonly vns: Named
  readonly domains: Named
  readonly policies: Named
  readonly listen: { readonly opened: readonly string[]; readonly closed: readonly string[] }
  readonly logLevel: boolean
  readonly region: boolean
  /** When MACs that move are frozen, where no domain says it. */
  readonly macMoves: boolean
  /** How long others are waited for after a start. */
  readonly endOfRib: boolean
}

export interface Fixed {
  readonly field: FieldPath
  readonly running: string
  readonly wanted: string
}

/** By name; with what was changed the fields, as the configuration file calls them. */
export interface Named {
  readonly added: readonly string[]
  readonly removed: readonly string[]
  readonly changed: readonly { readonly name: string; readonly fields: readonly string[] }[]
}

/** One line for an operator: `3 peers removed`, and which. */
export interface ChangeLine {
  readonly what: string
  readonly count: number
  /** Names, with the fields in brackets where there are some. */
  readonly which: readonly string[]
}

export function difference(running: Configuration, candidate: Configuration): Difference {
  const endpoints = ({ listen }: Configuration) =>
    listen.map(({ address, port }) => (address.includes(':') ? `[${address}]:${port}` : `${address}:${port}`))
  const [heard, wanted] = [endpoints(running), endpoints(candidate)]
  return {
    restart: restartFields(running, candidate),
    peers: peersChange(running.speaker, candidate.speaker, otherBoundaries(running, candidate)),
    vns: named(running.domain.vns, candidate.domain.vns),
    domains: named(running.federation.domains, candidate.federation.domains),
    policies: named(running.policies, candidate.policies),
    listen: { opened: wanted.filter((one) => !heard.includes(one)), closed: heard.filter((one) => !wanted.includes(one)) },
    logLevel: running.log.level !== candidate.log.level,
    region: running.federation.region !== candidate.federation.region,
    macMoves: JSON.stringify(running.federation.macMoves) !== JSON.stringify(candidate.federation.macMoves),
    endOfRib: JSON.stringify(running.speaker.endOfRib) !== JSON.stringify(candidate.speaker.endOfRib),
  }
}

/** What was different, in the order in which people ask; nothing: no line. */
export function inWords(difference: Difference): ChangeLine[] {
  const { peers, vns, domains, policies, listen, logLevel, region, macMoves, endOfRib } = difference
  const lines = [
    ...peerLines('peers', peers.peers, ({ name }) => name),
    ...peerLines('listen ranges', peers.ranges, prefixOf),
    ...namedLines('VNs', vns),
    ...namedLines('federated domains', domains),
    ...namedLines('policies', policies),
    line('addresses listened on', listen.opened),
    line('addresses no longer listened on', listen.closed),
    line('other settings changed', [
      ...(logLevel ? ['nva.log.level'] : []),
      ...(region ? ['federation.region'] : []),
      ...(macMoves ? ['federation.macMoves'] : []),
      ...(endOfRib ? ['federation.endOfRib'] : []),
    ]),
  ]
  return lines.filter(({ count }) => count > 0)
}

function restartFields(running: Configuration, candidate: Configuration): Fixed[] {
  const fields: readonly (readonly [FieldPath, (of: Configuration) => string])[] = [
    [['nva', 'name'], ({ name }) => name],
    [['nva', 'domain'], ({ domain }) => domain.name],
    [['nva', 'asn'], ({ speaker }) => String(speaker.asn)],
    [['nva', 'routerId'], ({ speaker }) => formatRouterId(speaker.routerId)],
    [['nva', 'clusterId'], ({ speaker }) => formatRouterId(speaker.clusterId)],
    [['nva', 'api', 'socket'], ({ api }) => api.socket],
  ]
  return fields
    .map(([field, of]) => ({ field, running: of(running), wanted: of(candidate) }))
    .filter(({ running, wanted }) => running !== wanted)
}

/** Fields of settings under other names than in the configuration file; empty: follows from another one. */
const FIELD_NAMES: Readonly<Record<string, string>> = {
  importPolicy: 'import',
  exportPolicy: 'export',
  holdTimeSeconds: 'holdTime',
  connectRetrySeconds: 'connectRetry',
  sendHoldSeconds: '',
  staleSeconds: 'staleTime',
  importTargets: 'routeTargets',
  exportTargets: 'routeTargets',
  boundary: 'what crosses',
}

function peerLines<T>(what: string, { added, removed, reset, kept }: ChangesOf<T>, nameOf: (one: T) => string): ChangeLine[] {
  return [
    line(`${what} added`, added.map(nameOf)),
    line(`${what} removed`, removed.map(nameOf)),
    line(
      `${what} changed with a session reset`,
      reset.map(({ after, fields }) => withFields(nameOf(after), fields)),
    ),
    line(
      `${what} changed, sessions untouched`,
      kept.map(({ after, fields }) => withFields(nameOf(after), fields)),
    ),
  ]
}

function namedLines(what: string, { added, removed, changed }: Named): ChangeLine[] {
  return [
    line(`${what} added`, added),
    line(`${what} removed`, removed),
    line(
      `${what} changed`,
      changed.map(({ name, fields }) => withFields(name, fields)),
    ),
  ]
}

function line(what: string, which: readonly string[]): ChangeLine {
  return { what, count: which.length, which }
}

function withFields(name: string, fields: readonly string[]): string {
  const told = fieldNames(fields)
  return told.length === 0 ? name : `${name} (${told.join(', ')})`
}

function fieldNames(fields: readonly string[]): string[] {
  return [...new Set(fields.map((field) => FIELD_NAMES[field] ?? field))].filter((name) => name !== '')
}

function prefixOf({ prefix, prefixLength }: ListenRangeSettings): string {
  return formatPrefix({ address: prefix, length: prefixLength })
}

function named<T extends { readonly name: string }>(before: readonly T[], after: readonly T[]): Named {
  const old = new Map(before.map((one) => [one.name, one]))
  const names = new Set(after.map(({ name }) => name))
  return {
    added: after.flatMap(({ name }) => (old.has(name) ? [] : [name])),
    removed: before.flatMap(({ name }) => (names.has(name) ? [] : [name])),
    changed: after.flatMap((one) => {
      const was = old.get(one.name)
      if (was === undefined) return []
      const fields = Object.keys(one).filter((field) => !sameValue(Reflect.get(was, field), Reflect.get(one, field)))
      return fields.length === 0 ? [] : [{ name: one.name, fields: fieldNames(fields) }]
    }),
  }
}

/** Plain values by what is in them; a compiled policy by identity, because one that says the same is the same object. */
function sameValue(a: unknown, b: unknown): boolean {
  if (a === b) return true
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return false
  if (Object.getPrototypeOf(a) !== Object.getPrototypeOf(b)) return false
  if (a instanceof Uint8Array || Array.isArray(a) || Object.getPrototypeOf(a) === Object.prototype) {
    const [own, other] = [Object.keys(a), Object.keys(b)]
    return own.length === other.length && own.every((key) => sameValue(Reflect.get(a, key), Reflect.get(b, key)))
  }
  return false
}
