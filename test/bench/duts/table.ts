/** Who can be measured here, and who cannot because something is not installed. */
import type { Dut, Missing } from './dut.ts'
import { fednva } from './fednva.ts'
import { frr } from './frr.ts'
import { gobgp } from './gobgp.ts'
import { nullRelay } from './null-relay.ts'

export const DUT_NAMES = ['fednva', 'frr', 'gobgp', 'null', 'before'] as const
export type DutName = (typeof DUT_NAMES)[number]

const ROOT = new URL('../../../', import.meta.url).pathname

/** `before`: another working tree of fednva, to see what a change does. */
export function findDuts(names: readonly DutName[], before: string | undefined): { duts: Dut[]; missing: Missing[] } {
  const make: Readonly<Record<DutName, () => Dut | Missing>> = {
    fednva: () => fednva('fednva', ROOT),
    frr,
    gobgp,
    null: nullRelay,
    before: () => (before === undefined ? { name: 'before', missing: 'before: --before names no folder' } : fednva('before', before)),
  }
  const found = names.map((name) => make[name]())
  return { duts: found.filter((one): one is Dut => 'title' in one), missing: found.filter((one): one is Missing => 'missing' in one) }
}
