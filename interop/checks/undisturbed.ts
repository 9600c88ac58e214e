import type { Lab } from '../lab/lab.ts'
import { NVES } from '../lab/plan.ts'
import { expect } from '../lab/until.ts'
import { untilAllEstablished } from './sessions.ts'

const losses = (lab: Lab): Promise<number[]> =>
  Promise.all(NVES.map(async (nve) => (await lab.nve(nve.name).neighbor()).connectionsDropped))

/** Does something to the NVA, and demands that no NVE's session goes down over it. */
export async function undisturbed(lab: Lab, what: () => Promise<void>): Promise<void> {
  await untilAllEstablished(lab)
  const before = await losses(lab)
  await what()
  const after = await losses(lab)
  NVES.forEach((nve, index) => {
    expect(after[index] === before[index], `${nve.name} lost its session meanwhile`, () => lab.nve(nve.name).log().slice(-1500))
  })
  for (const nve of NVES) expect((await lab.nve(nve.name).neighbor()).bgpState === 'Established', `${nve.name} has no session any more`)
}
