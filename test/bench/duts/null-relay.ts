import { build } from '../load/build.ts'
import type { Dut, Missing } from './dut.ts'

/** The ceiling: `nullrelay.c` copies the octets of every UPDATE to all other sessions, and understands nothing. */
export function nullRelay(): Dut | Missing {
  const program = build('nullrelay')
  if (program === null) return { name: 'null', missing: 'there is no C compiler for the null relay' }
  return {
    name: 'null',
    title: 'the null relay (copies octets, no BGP)',
    // It withdraws nothing of a peer that is gone, and reflects without ORIGINATOR_ID.
    without: { phases: ['peerloss'], scenarios: ['sharedrd'] },
    load: { 'no-reflect': true },
    command: ({ port, asn, address }) => ({ files: {}, program, words: [String(port), String(asn), address] }),
  }
}
