/** Gathers what a forecast tells: counts by peer and VN, and the first routes as rows. */
import type { PolicyDiffAnswer } from '../../api/schema/policy-diff.ts'
import type { Crossing, Outcome } from '../../speaker/forecast/forecast.ts'
import type { Together } from '../../speaker/forecast/sessions.ts'
import type { Attachment } from '../../speaker/sources/attachment.ts'
import type { NlriView } from '../../wire/nlri/family.ts'
import { differenceBetween, reasonText } from '../answers/explain-row.ts'
import type { Nva } from '../nva.ts'

type Row = PolicyDiffAnswer['routes'][number]
type PeerCounts = PolicyDiffAnswer['peers'][number]
type Direction = Crossing['direction']
type Counts = Record<Outcome, number>

/** Most names of peers in a row. */
const NAMES_MOST = 20
const NO_VN = -1
const LONGEST_NLRI = 512

/** Counts in all and by index of the VN. They may be below 0: exceptions to what is counted for several sessions together. */
class Tally {
  readonly all: Counts = { starts: 0, stops: 0, changes: 0 }
  readonly byVn = new Map<number, Counts>()

  count(outcome: Outcome, vns: readonly number[], by: number): void {
    this.all[outcome] += by
    if (vns.length === 0) this.countIn(NO_VN, outcome, by)
    for (const vn of vns) this.countIn(vn, outcome, by)
  }

  add(other: Tally): void {
    for (const outcome of ['starts', 'stops', 'changes'] as const) {
      this.all[outcome] += other.all[outcome]
      for (const [vn, counts] of other.byVn) if (counts[outcome] !== 0) this.countIn(vn, outcome, counts[outcome])
    }
  }

  private countIn(vn: number, outcome: Outcome, by: number): void {
    const counts = this.byVn.get(vn) ?? { starts: 0, stops: 0, changes: 0 }
    this.byVn.set(vn, counts)
    counts[outcome] += by
  }
}

export class PolicyDiffRows {
  readonly routes: Row[] = []
  /** There were more routes than rows. */
  more = false
  private readonly nva: Nva
  private readonly limit: number
  private readonly nlri = new Uint8Array(LONGEST_NLRI)
  private readonly ofTogether = new Map<Together, Tally>()
  private readonly ofSession: Readonly<Record<Direction, Map<Attachment, Tally>>> = { import: new Map(), export: new Map() }

  constructor(nva: Nva, limit: number) {
    this.nva = nva
    this.limit = limit
  }

  found(crossing: Crossing): void {
    const { direction, outcome, session, together, without, set } = crossing
    const vns = this.nva.census.membership.vnsOf(set)
    if (together !== null) tallyOf(this.ofTogether, together).count(outcome, vns, 1)
    if (session !== null) tallyOf(this.ofSession[direction], session).count(outcome, vns, 1)
    for (const one of without) tallyOf(this.ofSession[direction], one).count(outcome, vns, -1)
    if (this.routes.length < this.limit) this.routes.push(this.row(crossing, vns))
    else this.more = true
  }

  /** Peers for whom something would be otherwise, in the order of their names. */
  peers(): PeerCounts[] {
    for (const [together, tally] of this.ofTogether) {
      for (const session of together.sessions) tallyOf(this.ofSession.export, session).add(tally)
    }
    return (['import', 'export'] as const)
      .flatMap((direction) => [...this.ofSession[direction]].map(([session, tally]) => this.peerCounts(direction, session, tally)))
      .filter(({ starts, stops, changes }) => starts + stops + changes > 0)
      .sort((a, b) => a.peer.localeCompare(b.peer))
  }

  private peerCounts(direction: Direction, { peer }: Attachment, { all, byVn }: Tally): PeerCounts {
    const vns = [...byVn]
      .filter(([, { starts, stops, changes }]) => starts + stops + changes > 0)
      .map(([vn, counts]) => ({ vn: vn === NO_VN ? null : this.vnName(vn), ...counts }))
    return { peer: peer.settings.name, direction, ...all, vns }
  }

  private row({ direction, outcome, session, together, without, row, passed }: Crossing, vns: readonly number[]): Row {
    const { speaker } = this.nva
    const { rib } = speaker
    const view = rib.family.read(this.nlri, 0, rib.writeNlri(row, this.nlri, 0))
    const sessions = session === null ? (together?.sessions ?? []).filter((one) => !without.includes(one)) : [session]
    const { now, later } = passed()
    return {
      direction,
      outcome,
      peers: sessions.slice(0, NAMES_MOST).map(({ peer }) => peer.settings.name),
      peersInAll: sessions.length,
      source: speaker.sources.attachments[rib.peerOf(row)]?.peer.settings.name ?? null,
      rd: rdOf(view),
      route: rib.family.format({ ...view, rd: null }),
      routeType: view.routeType,
      vns: vns.map((vn) => this.vnName(vn)),
      now: now === null ? null : reasonText(now),
      later: later === null ? null : reasonText(later),
      changes:
        outcome === 'changes' && now !== null && later !== null ? differenceBetween(rib.family, now.trace.after, later.trace.after) : [],
    }
  }

  private vnName(index: number): string {
    return this.nva.census.vns[index]!.vn.name
  }
}

function tallyOf<Of>(tallies: Map<Of, Tally>, of: Of): Tally {
  const tally = tallies.get(of) ?? new Tally()
  tallies.set(of, tally)
  return tally
}

function rdOf({ rd }: NlriView): string | null {
  return typeof rd === 'string' ? rd : null
}
