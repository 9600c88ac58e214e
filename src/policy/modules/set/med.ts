import { put32, u32 } from '../../../bytes/octets.ts'
import { AttributeCode, OPTIONAL_NON_TRANSITIVE } from '../../../wire/attribute/attribute.ts'
import { type Amount, amount, changed } from '../argument/amount.ts'
import type { SetModule } from '../module.ts'

export const med: SetModule<Amount> = {
  name: 'med',
  looksAt: 'attributes',
  touches: [AttributeCode.med],
  summary: 'MULTI_EXIT_DISC: set, or with a sign raised or lowered (a route without one counts as 0). Less is better.',
  examples: [
    { typed: 50, means: '50, whatever it was' },
    { typed: '+10', means: '10 more than it was' },
  ],
  schema: amount('a MED'),
  compile(argument) {
    const change = changed(argument)
    const steps = [
      {
        code: AttributeCode.med,
        flags: OPTIONAL_NON_TRANSITIVE,
        add: true,
        value: (bytes: Uint8Array, from: number, to: number, out: Uint8Array, at: number) =>
          put32(out, at, change(to - from === 4 ? u32(bytes, from) : 0)),
      },
    ]
    return (draft) => draft.rewrite(steps)
  },
}
