/**
 * What other policies would do to the routes that are held, destination by destination, in slices: which routes would start, stop or change being used, and being
 * told to whom. Nothing is applied. The rooms that decide are asked themselves, with stand-ins for gates and groups and, for a moment within one destination, with
 * other verdicts in the RIB (`rib/supposition.ts`).
 */
import { Rendering } from '../../advertise/rendering.ts'
import { same } from '../../bytes/octets.ts'
import { type Refusal, refusal, refusalOf } from '../../policy/refusal.ts'
import type { Rib } from '../../rib/rib.ts'
import { Supposition } from '../../rib/supposition.ts'
import { NO_SET, type SetId } from '../../rib/verdict.ts'
import { explainExport, explainImport, type Passed } from '../explain/explain.ts'
import type { Attachment } from '../sources/attachment.ts'
import { ImportForecast } from './import-forecast.ts'
import type { ForecastGround, ForecastSessions, Together } from './sessions.ts'

export type Outcome = 'starts' | 'stops' | 'changes'

/** Somebody for whom a route starts or stops to cross, or crosses as another one. Good within the call that tells of it. */
export interface Crossing {
  readonly direction: 'import' | 'export'
  readonly outcome: Outcome
  /** The sessions concerned: this one, or all of `together` but those in `without`. */
  readonly session: Attachment | null
  readonly together: Together | null
  readonly without: readonly Attachment[]
  readonly dest: number
  /** The path, and the set it crosses with: as it would be, of one that stops as it is. */
  readonly row: number
  readonly set: SetId
  /** How it fares now, and how it would; null: there is no such route then. */
  passed(): { readonly now: Passed | null; readonly later: Passed | null }
}

/** Refusals of limits: they stand, whatever policy says. */
const OF_LIMITS: ReadonlySet<Refusal | null> = new Set<Refusal | null>(['held-by-limit', 'suspended-by-limit', 'mac-frozen'])
/** In place of a verdict on a path that would not be there: it would not be used. */
const GONE = refusal('policy')
const NONE = -1
const NOBODY: readonly Attachment[] = []

export class Forecast {
  private readonly ground: ForecastGround
  private readonly rib: Rib
  private readonly sessions: ForecastSessions
  private readonly found: (crossing: Crossing) => void
  private readonly supposition: Supposition
  private readonly imports: ImportForecast
  private readonly before = new Rendering()
  private readonly after = new Rendering()
  private readonly whole: readonly Together[]
  private readonly known = new Map<Together, Map<SetId, boolean>>()
  private position = 0
  private readonly forget = (set: SetId): void => {
    this.imports.forget(set)
    for (const { now, later } of this.sessions.together) {
      now.forgetSet(set)
      later.forgetSet(set)
    }
  }

  /** `found` hears of everything that would be otherwise. */
  constructor(ground: ForecastGround, sessions: ForecastSessions, found: (crossing: Crossing) => void) {
    const { rib } = ground
    this.ground = ground
    this.rib = rib
    this.sessions = sessions
    this.found = found
    this.supposition = new Supposition(rib)
    this.imports = new ImportForecast(rib)
    this.whole = sessions.imports.size > 0 ? sessions.together : sessions.together.filter((one) => !one.same)
    rib.sets.onMade.push(this.forget)
  }

  /** Destinations looked at. */
  get looked(): number {
    return this.position
  }

  /** Looks at up to `limit` more destinations; everything must be settled. Returns whether that were all. */
  advance(limit: number): boolean {
    const { rib } = this
    // A set may be another one than at the last slice.
    this.known.clear()
    const end = Math.min(this.position + limit, rib.destinations.capacity)
    if (this.whole.length > 0 || this.sessions.imports.size > 0) {
      for (let dest = this.position; dest < end; dest++) if (rib.destinations.isLive(dest)) this.visit(dest)
    }
    this.position = end
    return end >= rib.destinations.capacity
  }

  /** Ends the forecast. */
  close(): void {
    const { onMade } = this.rib.sets
    const at = onMade.indexOf(this.forget)
    if (at >= 0) onMade.splice(at, 1)
  }

  private visit(dest: number): void {
    const { rib, supposition, imports } = this
    this.suppose(dest)
    const set = rib.destinations.advertised[dest]!
    const row = rib.destinations.best[dest]!
    let rowThen = row
    let setThen = set
    if (supposition.size > 0) {
      supposition.swap()
      rowThen = rib.decide(dest)
      setThen = rowThen === NONE ? NO_SET : rib.rows.used[rowThen]!
      supposition.swap()
    }
    const other = setThen !== set || rowThen !== row || (rowThen !== NONE && supposition.concerns(rowThen))
    for (const together of this.whole) if (other || !together.same) this.hold(together, dest, set, row, setThen, rowThen, other)
    supposition.clear()
    imports.release()
  }

  /** Asks import about the paths to a destination, and tells of those that would be used otherwise. */
  private suppose(dest: number): void {
    const { rib, supposition, imports } = this
    const { rows } = rib
    if (this.sessions.imports.size === 0) return
    for (let row = rib.firstRow(dest); row !== NONE; row = rib.nextRow(row)) {
      const asked = this.sessions.imports.get(rib.peerOf(row))
      const used = rows.used[row]!
      if (asked === undefined || OF_LIMITS.has(refusalOf(used))) continue
      const verdict = asked.gone ? GONE : imports.judge(row, asked.session, asked.gate)
      if (used < 0 && verdict < 0) continue
      if (!supposition.add(row, verdict, verdict < 0 ? null : imports.made)) continue
      const outcome = used < 0 ? 'starts' : verdict < 0 ? 'stops' : 'changes'
      const { session, gate, gone } = asked
      this.found({
        direction: 'import',
        outcome,
        session,
        together: null,
        without: NOBODY,
        dest,
        row,
        set: verdict < 0 ? used : verdict,
        passed: () => ({
          now: this.ground.explain.import(row),
          later: gone ? null : explainImport(rib, row, session.inbound, gate, session.origin),
        }),
      })
    }
  }

  /** Holds what sessions are told against what they would be. */
  private hold(together: Together, dest: number, set: SetId, row: number, setThen: SetId, rowThen: number, other: boolean): void {
    const { rib, supposition, before, after } = this
    const { group, now, later } = together
    const { sets } = rib
    // What limits keep back now they may keep back then: of that nothing is said.
    if (set !== NO_SET && group.heldBack(dest, set) !== 0) return
    const told = set !== NO_SET && group.tells(dest, set)
    const sure = !other && told && !now.asksByRoute(set) && !later.asksByRoute(set)
    const remembered = sure ? this.knownOf(together).get(set) : undefined
    if (told && remembered === undefined) now.render(set, row, before)
    supposition.swap()
    const toldThen = setThen !== NO_SET && later.settles(dest, setThen, rowThen)
    let differs = remembered ?? true
    if (told && toldThen && remembered === undefined) {
      later.render(setThen, rowThen, after)
      differs = before.length !== after.length || !same(before.octets, 0, after.octets, 0, after.length)
      if (sure && !before.mapped && !after.mapped) this.knownOf(together).set(set, differs)
    }
    supposition.swap()
    const outcome = outcomeOf(told, toldThen, differs)
    const own = told ? together.byPeer.get(sets.peer[set]!) : undefined
    const ownThen = toldThen ? together.byPeer.get(sets.peer[setThen]!) : undefined
    if (outcome === null && own === ownThen) return
    const passed = () => this.wayOut(together, dest, set, row, setThen, rowThen)
    const tell = (what: Outcome, session: Attachment | null, without: readonly Attachment[]): void =>
      this.found({
        direction: 'export',
        outcome: what,
        session,
        together: session === null ? together : null,
        without,
        dest,
        row: what === 'stops' ? row : rowThen,
        set: what === 'stops' ? set : setThen,
        passed,
      })
    const without = [...new Set([own, ownThen])].filter((one) => one !== undefined)
    if (outcome !== null && without.length < together.sessions.length) tell(outcome, null, without)
    // Nobody is told what is his own.
    if (own === ownThen) return
    if (own !== undefined && toldThen) tell('starts', own, NOBODY)
    if (ownThen !== undefined && told) tell('stops', ownThen, NOBODY)
  }

  /** How a route fares on its way out: as things are, and as they would be. Where it does not get as far as that, how it fares on its way in. */
  private wayOut({ now, later }: Together, dest: number, set: SetId, row: number, setThen: SetId, rowThen: number) {
    const { rib, supposition } = this
    const before = set === NO_SET ? this.ground.explain.import(rowThen) : explainExport(rib, now, dest, set, row)
    let after: Passed | null
    if (setThen === NO_SET) after = this.wouldComeIn(row)
    else {
      supposition.swap()
      after = explainExport(rib, later, dest, setThen, rowThen)
      supposition.swap()
    }
    return { now: before, later: after }
  }

  private wouldComeIn(row: number): Passed | null {
    const asked = this.sessions.imports.get(this.rib.peerOf(row))
    return asked === undefined || asked.gone ? null : explainImport(this.rib, row, asked.session.inbound, asked.gate, asked.session.origin)
  }

  private knownOf(together: Together): Map<SetId, boolean> {
    const known = this.known.get(together) ?? new Map<SetId, boolean>()
    this.known.set(together, known)
    return known
  }
}

function outcomeOf(told: boolean, toldThen: boolean, differs: boolean): Outcome | null {
  if (told && toldThen) return differs ? 'changes' : null
  if (told) return 'stops'
  return toldThen ? 'starts' : null
}
