import { put32, u32 } from '../../../bytes/octets.ts'
import { AttributeCode, WELL_KNOWN } from '../../../wire/attribute/attribute.ts'
import { type Amount, amount, changed } from '../argument/amount.ts'
import type { SetModule } from '../module.ts'

/** What holds where there is none (RFC 4271 §9.1.1 leaves it to us; `rib` takes the same). */
const DEFAULT = 100

export const localPref: SetModule<Amount> = {
  name: 'localPref',
  looksAt: 'attributes',
  touches: [AttributeCode.localPref],
  summary: 'LOCAL_PREF: set, or with a sign raised or lowered (a route without one counts as 100). It never leaves the AS.',
  examples: [
    { typed: 200, means: '200, whatever it was' },
    { typed: '+50', means: '50 more than it was' },
    { typed: '-50', means: '50 less, but not less than 0' },
  ],
  schema: amount('a local preference'),
  compile(argument) {
    const change = changed(argument)
    const steps = [
      {
        code: AttributeCode.localPref,
        flags: WELL_KNOWN,
        add: true,
        value: (bytes: Uint8Array, from: number, to: number, out: Uint8Array, at: number) =>
          put32(out, at, change(to - from === 4 ? u32(bytes, from) : DEFAULT)),
      },
    ]
    return (draft) => draft.rewrite(steps)
  },
}
