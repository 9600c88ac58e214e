import { z } from 'zod'
import { parseMac } from '../../../address/mac.ts'
import { known, type Parsed, parsed, unreadable } from '../../../address/parsed.ts'
import { put16, u8, u16 } from '../../../bytes/octets.ts'
import { AttributeCode } from '../../../wire/attribute/attribute.ts'
import { EXTENDED_COMMUNITY_OCTETS } from '../../../wire/community/extended-community.ts'
import { routerMac as community } from '../../../wire/community/mac-address.ts'
import { either, text } from '../argument/fields.ts'
import { itemsStep } from '../edit/items.ts'
import type { OctetSet } from '../lookup/items.ts'
import type { SetModule } from '../module.ts'

const NONE = 'none'
const WHAT = `the MAC address of a router such as 02:00:5e:00:00:01, not zero and not of a group; or ${NONE}`
const MULTICAST = 1

function parseRouterMac(typed: string): Parsed<Uint8Array> {
  const mac = parseMac(typed)
  if (!mac.ok || (u8(mac.value, 0) & MULTICAST) !== 0 || mac.value.every((octet) => octet === 0)) return unreadable(typed, WHAT)
  return parsed(mac.value)
}

export const routerMac: SetModule<string> = {
  name: 'routerMac',
  looksAt: 'attributes',
  touches: [AttributeCode.extCommunities],
  summary:
    "The Router's MAC (RFC 9135): this one in place of all that the route has, or none. It belongs on type 5 routes and on those of type 2 with a layer 3 VNI; match these.",
  examples: [
    { typed: '02:00:5e:00:00:01', means: 'this one, whatever there was' },
    { typed: NONE, means: 'none' },
  ],
  schema: either(WHAT, z.literal(NONE).meta({ description: 'none' }), text(WHAT, parseRouterMac)),
  compile(argument) {
    const kind = community.kinds[0]!
    const ofKind: OctetSet = { has: (bytes, at) => u16(bytes, at) === kind }
    const added: Uint8Array[] = []
    if (argument !== NONE) {
      const octets = new Uint8Array(EXTENDED_COMMUNITY_OCTETS)
      octets.set(known(parseRouterMac(argument)), put16(octets, 0, kind))
      added.push(octets)
    }
    const steps = [itemsStep(AttributeCode.extCommunities, EXTENDED_COMMUNITY_OCTETS, ofKind, added)]
    return (draft) => draft.rewrite(steps)
  },
}
