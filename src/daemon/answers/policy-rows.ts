/** Policies as the API shows them: where they are attached, and how often each of their terms has matched. */
import { formatPrefix } from '../../address/prefix.ts'
import type { PolicyRow } from '../../api/schema/policies.ts'
import type { Chain, Policy, Term } from '../../policy/chain.ts'
import type { VnChains } from '../../policy/vn-chains.ts'
import type { PeerTemplate, SpeakerSettings } from '../../speaker/settings.ts'

type Direction = PolicyRow['attached'][number]['direction']

/** `configured`: those of the file; what is attached beside them (`accept`, `reject`, and that there is none) comes behind. */
export function policyRows(configured: readonly Policy[], speaker: SpeakerSettings): PolicyRow[] {
  const places = new Map<Policy, PolicyRow['attached']>(configured.map((policy) => [policy, []]))
  const attach = (direction: Direction, to: string, chain: Chain | null): void => {
    for (const policy of chain?.policies ?? []) {
      const list = places.get(policy) ?? []
      places.set(policy, list)
      if (!list.some((one) => one.direction === direction && one.to === to)) list.push({ direction, to, undecided: chain?.undecided ?? 0 })
    }
  }
  for (const direction of ['import', 'export'] as const) {
    attachSessions(speaker, direction, (to, chain) => attach(direction, to, chain))
    const vns: VnChains | null = direction === 'import' ? speaker.vnImport : speaker.vnExport
    for (const { name, chain } of vns?.vns ?? []) attach(direction, `VN ${name}`, chain)
  }
  return [...places].map(([policy, attached]) => policyRow(policy, attached))
}

interface Session extends PeerTemplate {
  readonly called: string
}

/** A group is named where all that are in it have the same chain, and a domain likewise; else every peer for itself. */
function attachSessions(
  { peers, listenRanges }: SpeakerSettings,
  direction: Direction,
  attach: (to: string, chain: Chain | null) => void,
): void {
  const chainOf = (session: PeerTemplate) => (direction === 'import' ? session.importPolicy : session.exportPolicy)
  const together = new Map<string, Session[]>()
  const sessions: Session[] = [
    ...peers.map((peer) => ({ ...peer, called: `peer ${peer.name}` })),
    ...listenRanges.map((range) => ({
      ...range,
      called: `listen range ${formatPrefix({ address: range.prefix, length: range.prefixLength })}`,
    })),
  ]
  for (const session of sessions) {
    const of = session.domain !== null ? `domain ${session.domain}` : session.group !== null ? `group ${session.group}` : session.called
    together.set(of, [...(together.get(of) ?? []), session])
  }
  for (const [of, members] of together) {
    const [first] = members
    const alike = first !== undefined && members.every((session) => chainOf(session) === chainOf(first))
    if (alike) attach(of, chainOf(first))
    else for (const session of members) attach(session.called, chainOf(session))
  }
}

function policyRow({ name, terms }: Policy, attached: PolicyRow['attached']): PolicyRow {
  const rows = terms.map(termRow)
  const sum = (verdict: Term['decides']) => rows.reduce((total, row) => total + (row.decides === verdict ? row.routes : 0), 0)
  return { name, attached, accepted: sum('accept'), rejected: sum('reject'), terms: rows }
}

function termRow({ name, tests, edits, proposals, decides, hits }: Term): PolicyRow['terms'][number] {
  const match = tests.map(({ module }) => module)
  return { term: name, match, set: [...edits, ...proposals].map(({ module }) => module), decides, routes: hits.routes, sets: hits.sets }
}
