/**
 * `fednva policy diff`: what a reload with another configuration would do to the routes of the NVA that runs, told before it is done. The routes are looked at in slices
 * between the turns of the NVA, so that nobody waits for it longer than for one of them.
 */
import { dirname } from 'node:path'
import type { PolicyDiffAnswer } from '../../api/schema/policy-diff.ts'
import type { Checked, Configuration } from '../../config/configuration.ts'
import { formatProblem } from '../../config/file/problem.ts'
import { endModules } from '../../config/policies/own-modules.ts'
import { Forecast } from '../../speaker/forecast/forecast.ts'
import { type ForecastSessions, forecastSessions } from '../../speaker/forecast/sessions.ts'
import type { World } from '../../speaker/world.ts'
import { type Nva, otherBoundaries, otherNextHops } from '../nva.ts'
import { difference, inWords } from '../reload/difference.ts'
import { restartProblems } from '../reload/reload.ts'
import { PolicyDiffRows } from './policy-diff-rows.ts'

/** What a forecast is made of. */
export interface DiffWorld {
  readonly nva: Nva
  readonly world: World
  /** The configuration that runs. */
  running(): Configuration
  /** Loads a file beside the one that runs. */
  load(path: string, running: Configuration): Promise<Checked<Configuration>>
  /** Milliseconds, for the length of a slice. */
  now(): number
}

/** A slice ends after this time: as a page of routes does. */
const SLICE_MS = 4
/** Destinations between two looks at the clock. */
const STEP = 8
/** Until things have settled. */
const PAUSE_MS = 5
/** Longest time for all of it. */
const MOST_MS = 100_000

/** One after the other: what is asked meanwhile waits. */
export class PolicyDiffs {
  private readonly of: DiffWorld
  private last: Promise<unknown> = Promise.resolve()

  constructor(of: DiffWorld) {
    this.of = of
  }

  ask(path: string, limit: number): Promise<PolicyDiffAnswer> {
    const answer = this.last.then(() => policyDiff(this.of, path, limit))
    this.last = answer.catch(() => {})
    return answer
  }
}

async function policyDiff(of: DiffWorld, path: string, limit: number): Promise<PolicyDiffAnswer> {
  const running = of.running()
  const checked = await of.load(path, running)
  if (!checked.ok) return unasked(checked.problems.map(formatProblem))
  try {
    return await beside(of, running, checked, limit)
  } finally {
    endModules(checked.configuration.modules, of.running().modules)
  }
}

async function beside(
  of: DiffWorld,
  running: Configuration,
  checked: Extract<Checked<Configuration>, { ok: true }>,
  limit: number,
): Promise<PolicyDiffAnswer> {
  const { nva, world } = of
  const { configuration: candidate } = checked
  const change = difference(running, candidate)
  // From another folder a relative socket is another one; that is not what is asked about.
  const moved = dirname(candidate.file) !== dirname(running.file)
  const restart = change.restart.filter(({ field }) => !(moved && field.includes('socket')))
  if (restart.length > 0) return unasked(restartProblems(checked, { ...change, restart }).map(formatProblem))
  const { speaker } = nva
  const deadline = world.now() + MOST_MS
  if (!(await settled(of, deadline))) return unasked([TOO_LONG])
  if (of.running() !== running) return unasked([OTHERWISE])
  const ground = speaker.forecastGround
  const sessions = forecastSessions(ground, candidate.speaker, otherBoundaries(running, candidate))
  const rows = new PolicyDiffRows(nva, limit)
  const forecast = new Forecast(ground, sessions, (crossing) => rows.found(crossing))
  try {
    while (!slice(of, forecast)) {
      await new Promise<void>((resolve) => world.soon(resolve))
      if (!(await settled(of, deadline))) return unasked([TOO_LONG])
      // What was found so far was found beside another configuration.
      if (of.running() !== running) return unasked([OTHERWISE])
    }
  } finally {
    forecast.close()
  }
  return {
    asked: true,
    problems: [],
    warnings: checked.warnings.map(formatProblem),
    changes: inWords(change).map(({ what, count, which }) => ({ what, count, which: [...which] })),
    beside: [...besideOf(nva, candidate, sessions), ...nextHopsOf(running, candidate)],
    looked: forecast.looked,
    peers: rows.peers(),
    routes: rows.routes,
    more: rows.more,
  }
}

const OTHERWISE = 'the configuration was changed meanwhile: ask again'
const TOO_LONG = `not done within ${MOST_MS / 1000} seconds: too much changes, or there is too much to look at`

function unasked(problems: string[]): PolicyDiffAnswer {
  return { asked: false, problems, warnings: [], changes: [], beside: [], looked: 0, peers: [], routes: [], more: false }
}

/** Looks at destinations for as long as a slice lasts; whether that were all. */
function slice({ now }: DiffWorld, forecast: Forecast): boolean {
  const end = now() + SLICE_MS
  do {
    if (forecast.advance(STEP)) return true
  } while (now() < end)
  return false
}

/** Waits until nothing is on its way; false: for too long. */
async function settled({ nva, world }: DiffWorld, deadline: number): Promise<boolean> {
  while (!nva.speaker.settled) {
    if (world.now() > deadline) return false
    await new Promise<void>((resolve) => void world.after(PAUSE_MS, resolve))
  }
  return world.now() <= deadline
}

/** What the figures leave out, in sentences. */
function besideOf(nva: Nva, { federation }: Configuration, { anew, gone, others, imports }: ForecastSessions): string[] {
  const beside = [
    ...anew.map((name) => `the session with ${name} would begin anew: the figures are for when it has sent again what it has sent now`),
    ...gone.map((name) => `${name} would be no peer any more: what it has sent goes, and is in the figures; what it is told is not`),
    ...others.map((name) => `the session with ${name} would be another one: what it has sent and is told is not in the figures`),
  ]
  const domains = new Set([...imports.values()].map(({ session }) => session.peer.settings.domain))
  for (const { name, limits, share } of federation.domains) {
    const limited =
      limits.domain !== null || limits.types.length > 0 || limits.classes.length > 0 || share.some((one) => one.limits !== null)
    if (limited && domains.has(name)) beside.push(`limits on ${name} may hold back routes that would start to come in`)
    const { domain, types } = limits.told
    const outwards = domain !== null || types.length > 0 || share.some(({ toldLimits = null }) => toldLimits !== null)
    if (outwards) beside.push(`limits on what ${name} is told may hold back routes that would start to be told`)
  }
  if (imports.size > 0 && nva.gateways !== null)
    beside.push('what is told through gateways follows from what is used, and is not in the figures')
  return beside
}

function nextHopsOf(running: Configuration, candidate: Configuration): string[] {
  return [...otherNextHops(running, candidate)].map(
    (name) => `${name} would be allowed other next hops (nextHops): routes that go or come because of it are not in the figures`,
  )
}
