/** One case: its route is put in, how it fares is asked of the same rooms that decide it in the daemon, and held against what is expected. */
import type { ExplainRow } from '../../api/schema/explain.ts'
import type { Configuration } from '../../config/configuration.ts'
import { CHANGE_WORDS, type ChangedValue, type ChangeWord, type PolicyCase } from '../../config/schema/cases-schema.ts'
import { refusalOf } from '../../policy/refusal.ts'
import type { Passed } from '../../speaker/explain/explain.ts'
import type { PeerSettings } from '../../speaker/settings.ts'
import type { Attachment } from '../../speaker/sources/attachment.ts'
import { wellKnownCommunity } from '../../wire/attribute/communities.ts'
import { explainRow } from '../answers/explain-row.ts'
import { type CaseTrouble, named } from './case-names.ts'
import { attributesOf, isTrouble } from './case-route.ts'
import { CaseStage } from './case-stage.ts'

export interface CaseOutcome {
  /** null: it could not be asked. */
  readonly verdict: 'accept' | 'reject' | null
  /** `policy/term`, `end`, `none`, or why it was refused before policy or behind it. */
  readonly by: string | null
  readonly because: string
  /** All that policy changed in the last direction that was asked, in the words of cases. */
  readonly changes: Readonly<Record<string, string>>
  /** Every direction that was asked, in order. */
  readonly ways: readonly ExplainRow[]
  /** Nothing: the case holds. */
  readonly troubles: readonly CaseTrouble[]
}

export function runCase(configuration: Configuration, asked: PolicyCase): CaseOutcome {
  const { from, to, unknown } = named(configuration, { from: asked.from, to: asked.to, vn: asked.route.vn })
  if (from === null || unknown.length > 0) return unasked(...unknown)
  if (to?.address === from.address) {
    return unasked({ field: ['to'], found: asked.to ?? '', expected: 'somebody else than who sends it: nobody is told of what is his own' })
  }
  const attributes = attributesOf(asked.route, from, configuration)
  if (isTrouble(attributes)) return unasked({ ...attributes, field: ['route', attributes.field] })
  const stage = new CaseStage(configuration)
  const sender = stage.join(from)
  const receiver = to === null ? null : stage.join(to)
  if (sender === null || (to !== null && receiver === null)) {
    return unasked({
      field: [sender === null ? 'from' : 'to'],
      found: 'a session that does not come up',
      expected: 'a peer of the configuration',
    })
  }
  stage.say(from, attributes)
  const ways = waysOf(stage, sender, from, to === null || receiver === null ? null : { settings: to, attachment: receiver })
  const last = ways.at(-1)
  if (last === undefined) {
    const why = [...sender.peer.faults.byReason].map(([reason]) => reason)[0] ?? 'no limit of the configuration lets it in'
    return unasked({ field: ['route'], found: `a route that is not kept: ${why}`, expected: 'one that the NVA takes' })
  }
  const { row, by } = last
  const { verdict, because } = row.heldBack === null ? row : { verdict: 'reject' as const, because: row.heldBack }
  const outcome = { verdict, by, because, changes: changesOf(row), ways: ways.map((way) => way.row) }
  return { ...outcome, troubles: troublesOf(asked, outcome) }
}

interface Way {
  readonly row: ExplainRow
  readonly by: string
}

/** The way in, and where that lets it through the way out. */
function waysOf(
  { nva }: CaseStage,
  sender: Attachment,
  from: PeerSettings,
  to: { readonly settings: PeerSettings; readonly attachment: Attachment } | null,
): Way[] {
  const { speaker } = nva
  const { rib } = speaker
  for (let dest = 0; dest < rib.destinations.capacity; dest++) {
    for (let row = rib.destinations.isLive(dest) ? rib.firstRow(dest) : -1; row >= 0; row = rib.nextRow(row)) {
      if (rib.peerOf(row) !== sender.inbound.peer) continue
      const way = (passed: Passed, direction: 'import' | 'export', peer: string, effective: boolean): Way => ({
        row: explainRow(rib.family, { direction, peer, source: from.name, passed, effective, gone: null }),
        by: deciderOf(passed),
      })
      const coming = speaker.explain.import(row)
      if (coming === null) continue
      const ways = [way(coming, 'import', from.name, rib.destinations.best[dest] === row)]
      const going = to === null ? null : speaker.explain.export(dest, to.attachment)
      if (to !== null && going !== null) {
        const told = to.attachment.group.tells(dest, rib.destinations.advertised[dest]!)
        ways.push(way(going, 'export', to.settings.name, told))
      }
      return ways
    }
  }
  return []
}

/** What does not fit the agreement with a domain is refused behind policy. */
function deciderOf({ refused, trace, heldBack = 0 }: Passed): string {
  const reason = refusalOf(refused) ?? refusalOf(heldBack)
  if (reason !== null) return reason
  const chain = trace.chains.at(-1)
  if (chain === undefined) return 'none'
  const term = chain.terms.at(-1)
  return chain.byEnd || term === undefined ? 'end' : `${term.policy}/${term.name}`
}

function troublesOf(
  { expect, by, changes }: PolicyCase,
  found: Pick<CaseOutcome, 'verdict' | 'by' | 'because' | 'changes'>,
): CaseTrouble[] {
  const troubles: CaseTrouble[] = []
  if (found.verdict !== expect) troubles.push({ field: ['expect'], found: `${found.verdict} (${found.because})`, expected: expect })
  if (by !== undefined && found.by !== by) troubles.push({ field: ['by'], found: found.by ?? 'nobody', expected: by })
  if (changes === undefined) return troubles
  for (const word of new Set([...Object.keys(changes), ...Object.keys(found.changes)])) {
    const typed = changes[word as ChangeWord]
    const now = found.changes[word]
    const wanted = typed === undefined ? undefined : normal(word, typed)
    if (wanted === now) continue
    const field = word in changes ? ['changes', word] : ['changes']
    troubles.push({
      field,
      found: `${word} ${now ?? 'as it was'}`,
      expected: wanted === undefined ? `${word} as it was` : `${word} ${wanted}`,
    })
  }
  return troubles
}

const NONE = 'none'
/** Words whose values stand in no order. */
const UNORDERED: ReadonlySet<string> = new Set(['routeTargets', 'extendedCommunities', 'communities', 'largeCommunities'])
/** Names of `ExplainRow` for what cases have other words. */
const WORDS: Readonly<Record<string, string>> = { 'next hop': 'nextHop', vni1: 'vni', 'rate class': 'rateClass' }
const TARGET = 'RT:'

function normal(word: string, value: NonNullable<ChangedValue> | null): string {
  if (value === null) return NONE
  const list = [value].flat().map(String)
  if (!UNORDERED.has(word)) return list.join(' ')
  const parts = list.flatMap((one) => one.split(' ')).filter((one) => one !== '')
  const named = word === 'communities' ? parts.map((one) => wellKnownCommunity(one) ?? one) : parts
  return named.length === 0 ? NONE : named.sort().join(' ')
}

/** What is another after policy than before it: word and value. */
function changesOf({ attributes, chains }: ExplainRow): Record<string, string> {
  const after: Record<string, string | null> = { ...attributes }
  for (const { terms } of chains) for (const { changes } of terms) for (const { what, after: now } of changes) after[what] = now
  const [old, now] = [wordsOf(attributes), wordsOf(after)]
  const words = [...CHANGE_WORDS, ...Object.keys({ ...old, ...now })]
  return Object.fromEntries([...new Set(words)].flatMap((word) => (old[word] === now[word] ? [] : [[word, now[word] ?? NONE]])))
}

function wordsOf(facts: Readonly<Record<string, string | null>>): Record<string, string> {
  const words: Record<string, string> = {}
  for (const [name, value] of Object.entries(facts)) {
    if (value === null) continue
    if (name !== 'extCommunities') {
      words[WORDS[name] ?? name] = normal(WORDS[name] ?? name, value)
      continue
    }
    const parts = value.split(' ')
    const targets = parts.filter((part) => part.startsWith(TARGET)).map((part) => part.slice(TARGET.length))
    const others = parts.filter((part) => !part.startsWith(TARGET))
    if (targets.length > 0) words.routeTargets = normal('routeTargets', targets)
    if (others.length > 0) words.extendedCommunities = normal('extendedCommunities', others)
  }
  return words
}

function unasked(...troubles: CaseTrouble[]): CaseOutcome {
  return { verdict: null, by: null, because: '', changes: {}, ways: [], troubles }
}
