import { type Capture, capture } from './capture.ts'
import { type Frr, type FrrRunner, startFrr } from './frr.ts'
import { buildGated } from './gated.ts'
import type { Nva, NvaKind } from './nva.ts'
import { fednvaNva } from './nva-fednva.ts'
import { frrNva } from './nva-frr.ts'
import { buildDataPlane } from './nve.ts'
import { DOMAINS, type DomainName, NVES } from './plan.ts'
import { addTenants } from './tenants.ts'
import { buildUnderlay } from './underlay.ts'
import { expect } from './until.ts'
import type { Workplace } from './workplace.ts'

/** Two domains, up and running. */
export interface Lab {
  readonly kind: NvaKind
  readonly workplace: Workplace
  /** Executes FRR's programs. */
  readonly runner: FrrRunner
  readonly nvas: Readonly<Record<DomainName, Nva>>
  /** The packets of each NVA from its first one on. */
  readonly captures: Readonly<Record<DomainName, Capture>>
  /** The packets on the cable between the NVAs. */
  readonly wanCapture: Capture
  nve(name: string): Frr
  /** Starts again what a failed check left dead, so that the next one is not blamed for it. */
  revive(): Promise<void>
}

export async function buildLab(kind: NvaKind, runner: FrrRunner, workplace: Workplace): Promise<Lab> {
  await buildUnderlay()
  await Promise.all(NVES.map((nve, index) => buildDataPlane(nve, index + 1)))
  await addTenants()
  if (kind === 'fednva') await buildGated()
  const nvaOf = kind === 'frr' ? frrNva : fednvaNva
  const nvas = { a: nvaOf(DOMAINS.a, workplace), b: nvaOf(DOMAINS.b, workplace) }
  const captures = { a: await capture(DOMAINS.a.nva, 'nva-a', workplace), b: await capture(DOMAINS.b.nva, 'nva-b', workplace) }
  const wanCapture = await capture(DOMAINS.a.nva, 'wan', workplace, 'wan')
  await Promise.all([nvas.a.start(), nvas.b.start()])
  const nves = new Map<string, Frr>()
  for (const nve of NVES) nves.set(nve.name, await startFrr(runner, nve, workplace.directory(nve.name)))
  return {
    kind,
    workplace,
    runner,
    nvas,
    captures,
    wanCapture,
    nve(name) {
      const found = nves.get(name)
      expect(found !== undefined, `no NVE ${name}`)
      return found
    },
    async revive() {
      for (const nva of Object.values(nvas)) if (!nva.running()) await nva.start()
    },
  }
}
