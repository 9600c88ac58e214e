/** The way of a route through policy, in words: what `fednva policy explain` shows. */
import { formatIp } from '../../address/ip.ts'
import type { ExplainRow } from '../../api/schema/explain.ts'
import { hex, u8 } from '../../bytes/octets.ts'
import type { Snapshot, TracedChain, TracedTerm } from '../../policy/gate/trace.ts'
import { REFUSAL_TEXT, refusalOf } from '../../policy/refusal.ts'
import { valueEnd, valueStart } from '../../policy/rewrite/attribute-rewrite.ts'
import type { Direction, Passed } from '../../speaker/explain/explain.ts'
import { pathAttribute } from '../../wire/attribute/table.ts'
import type { NlriFamily, NlriView } from '../../wire/nlri/family.ts'

/** How sets are written: 4-octet AS numbers. */
const CANONICAL = { fourOctetAs: true, internal: true }

export interface Way {
  readonly direction: Direction
  /** Whom it is about; for import who sent it. */
  readonly peer: string
  /** Who sent it; null: made here. */
  readonly source: string | null
  readonly passed: Passed
  /** Chosen, for import; told, for export. */
  readonly effective: boolean
  /** When it went; null: it is there. */
  readonly gone: string | null
}

export function explainRow(family: NlriFamily, { direction, peer, source, passed, effective, gone }: Way): ExplainRow {
  const { refused, trace, heldBack = 0 } = passed
  const behind = refusalOf(heldBack)
  const view = family.read(trace.before.nlri, 0, trace.before.nlri.length)
  const reason = refusalOf(refused)
  const accepted = reason === null && trace.judgement === 'accept'
  const decisive = reason === null ? trace.chains.at(-1) : undefined
  return {
    direction,
    peer,
    source,
    rd: text(view, 'rd'),
    route: family.format({ ...view, rd: null }),
    routeType: view.routeType,
    mac: text(view, 'mac'),
    ip: text(view, 'ip'),
    prefix: text(view, 'ipPrefix'),
    attributes: factsOf(family, trace.before),
    refusedBefore: reason === null ? null : REFUSAL_TEXT[reason],
    chains: reason === null ? chainRows(family, trace.before, trace.chains) : [],
    verdict: accepted ? 'accept' : 'reject',
    because: reason === null ? because(decisive) : REFUSAL_TEXT[reason],
    effective,
    heldBack: behind === null ? null : REFUSAL_TEXT[behind],
    gone,
  }
}

/** What decided, in a line. */
export function because(chain: TracedChain | undefined): string {
  if (chain === undefined) return 'no policy is attached'
  const { byEnd, terms, policies, judgement } = chain
  if (byEnd) return `no term of ${policies.join(', ')} decides, and the end ${judgement === 'accept' ? 'accepts' : 'rejects'}`
  const { policy, name, failure } = terms.at(-1)!
  return `policy ${policy}, term ${name}${failure === null ? '' : `, of which ${failure.module} failed: ${failure.why}`}`
}

function chainRows(family: NlriFamily, first: Snapshot, chains: readonly TracedChain[]): ExplainRow['chains'] {
  let before = first
  const termRow = ({
    policy,
    name,
    tests,
    matched,
    decided,
    failure,
    after,
  }: TracedTerm): ExplainRow['chains'][number]['terms'][number] => {
    const changes = after === null ? [] : changesBetween(factsOf(family, before), factsOf(family, after))
    before = after ?? before
    return {
      policy,
      term: name,
      matched,
      failure: failure === null ? null : { module: failure.module, why: failure.why },
      tests: tests.map(({ module, held }) => ({ module, held: held === 'failed' ? null : held, failed: held === 'failed' })),
      changes,
      decided,
    }
  }
  return chains.map(({ policies, terms, judgement, byEnd }) => ({
    policies: [...policies],
    terms: terms.map(termRow),
    verdict: judgement,
    byEnd,
  }))
}

/** The reason of a verdict, in a line. */
export function reasonText({ refused, trace }: Passed): string {
  const reason = refusalOf(refused)
  return reason === null ? because(trace.chains.at(-1)) : REFUSAL_TEXT[reason]
}

/** What of a route is another in `after`. */
export function differenceBetween(
  family: NlriFamily,
  before: Snapshot,
  after: Snapshot,
): ExplainRow['chains'][number]['terms'][number]['changes'] {
  return changesBetween(factsOf(family, before), factsOf(family, after))
}

/** All there is to a route, by name. */
function factsOf(family: NlriFamily, { attributes, nextHop, nlri, rateClass }: Snapshot): Record<string, string> {
  const facts: Record<string, string> = { 'next hop': formatIp(nextHop, 0, nextHop.length === 4 ? 4 : 16) }
  const view = family.read(nlri, 0, nlri.length)
  for (const label of ['vni1', 'vni2'] as const) if (typeof view[label] === 'number') facts[label] = String(view[label])
  for (let at = 0; at < attributes.length; at = valueEnd(attributes, at)) {
    const code = u8(attributes, at + 1)
    const from = valueStart(attributes, at)
    const to = valueEnd(attributes, at)
    const known = pathAttribute(code)
    facts[known?.name ?? `attribute ${code}`] =
      known === null ? hex(attributes, from, to) : known.format(known.read(attributes, from, to - from, CANONICAL))
  }
  if (rateClass !== 0) facts['rate class'] = String(rateClass)
  return facts
}

function changesBetween(
  before: Readonly<Record<string, string>>,
  after: Readonly<Record<string, string>>,
): { what: string; before: string | null; after: string | null }[] {
  const names = [...new Set([...Object.keys(before), ...Object.keys(after)])]
  return names.flatMap((what) => (before[what] === after[what] ? [] : [{ what, before: before[what] ?? null, after: after[what] ?? null }]))
}

function text(view: NlriView, member: string): string | null {
  const value = view[member]
  return typeof value === 'string' ? value : null
}
