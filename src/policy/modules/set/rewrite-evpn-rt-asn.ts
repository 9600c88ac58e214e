import { z } from 'zod'
import { isRouteTarget, ROUTE_TARGET_OCTETS } from '../../../address/route-target.ts'
import { copy, put16, put32, u8, u16, u32 } from '../../../bytes/octets.ts'
import { AttributeCode, OPTIONAL_TRANSITIVE } from '../../../wire/attribute/attribute.ts'
import type { RewriteStep } from '../../rewrite/attribute-rewrite.ts'
import type { SetModule } from '../module.ts'

const AS = 2
const TWO_OCTET_AS = 0
const FOUR_OCTET_AS = 2
const WHAT = 'true; leave the key out otherwise'

export const rewriteEvpnRtAsn: SetModule<true> = {
  name: 'rewriteEvpnRtAsn',
  looksAt: 'attributes',
  touches: ['origin', AttributeCode.extCommunities],
  summary:
    'Route targets that bear the AS of the peer the route was learned from get that of this NVA, as `rewrite-evpn-rt-asn` of NX-OS does: in a fabric of many ASes everybody sees automatic targets of one AS. Of a 4-octet AS the low 16 bits count where there is room for 2 octets, as switches derive them.',
  examples: [{ typed: true, means: 'from a leaf of AS 65011, 65011:10100 becomes 65001:10100 at an NVA of AS 65001' }],
  schema: z.literal(true, WHAT).meta({ description: WHAT }),
  compile(_argument, { asn }) {
    let peerAsn = 0
    const step: RewriteStep = {
      code: AttributeCode.extCommunities,
      flags: OPTIONAL_TRANSITIVE,
      add: false,
      value(bytes, from, to, out, at) {
        const end = copy(bytes, from, to, out, at)
        for (let target = at; target + ROUTE_TARGET_OCTETS <= end; target += ROUTE_TARGET_OCTETS) {
          if (!isRouteTarget(out, target)) continue
          const form = u8(out, target)
          if (form === TWO_OCTET_AS && u16(out, target + AS) === (peerAsn & 0xffff)) put16(out, target + AS, asn & 0xffff)
          else if (form === FOUR_OCTET_AS && u32(out, target + AS) === peerAsn) put32(out, target + AS, asn)
        }
        return end
      },
    }
    const steps = [step]
    return (draft) => {
      peerAsn = draft.origin.asn
      if (peerAsn !== asn && peerAsn !== 0) draft.rewrite(steps)
    }
  },
}
