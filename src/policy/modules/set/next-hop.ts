import { z } from 'zod'
import { parseIp } from '../../../address/ip.ts'
import { known, type Parsed, unreadable } from '../../../address/parsed.ts'
import { either, text, trouble } from '../argument/fields.ts'
import type { SetModule } from '../module.ts'

const UNCHANGED = 'unchanged'
const SELF = 'self'
const WHAT = `${UNCHANGED}, ${SELF}, or an IPv4 or IPv6 address`

function parseNextHop(typed: string): Parsed<Uint8Array> {
  const address = parseIp(typed)
  return address.ok ? address : unreadable(typed, WHAT)
}

export const nextHop: SetModule<string> = {
  name: 'nextHop',
  looksAt: 'attributes',
  touches: ['nextHop'],
  summary:
    'The next hop, which is where tunnels end. An NVA forwards no packets: `self` and addresses are for a gateway that stands there. `unchanged` is what happens anyhow, and says so.',
  examples: [
    { typed: UNCHANGED, means: 'the VTEP that the route came with' },
    { typed: SELF, means: 'the address of this NVA' },
    { typed: '192.0.2.250', means: 'a gateway' },
  ],
  schema: either(WHAT, z.enum([UNCHANGED, SELF]).meta({ description: 'as it is, or the address of this NVA' }), text(WHAT, parseNextHop)),
  compile(argument, { ownAddress }) {
    if (argument === UNCHANGED) return () => {}
    if (argument !== SELF) {
      const octets = known(parseIp(argument))
      return (draft) => draft.setNextHop(octets)
    }
    if (ownAddress === null) return trouble(SELF, 'an address: this NVA listens on no single one that could be meant')
    return (draft) => draft.setNextHop(ownAddress)
  },
}
