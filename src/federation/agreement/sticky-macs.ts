/**
 * What another domain says of a MAC that must not move: sticky (RFC 7432 §15.2), or that of its default gateway (§10.1). Inside one domain that is stronger than
 * any NVE that has the MAC; between domains a mistake over there, or worse, would take a MAC from a host here for good. Where it is not heeded (`heedsStickyMacs`), such a route is a
 * claim like any other, by sequence and VTEP.
 */
import { copy, put8, u8, u16 } from '../../bytes/octets.ts'
import { DROP, type RewriteStep } from '../../policy/rewrite/attribute-rewrite.ts'
import { DEFAULT_GATEWAY } from '../../wire/community/hosts.ts'
import { MAC_MOBILITY } from '../../wire/community/mac-mobility.ts'

/** Of the flags of MAC Mobility, in its third octet. */
const STICKY = 0x01

/** What `step` makes of the extended communities, without such words. */
export function withoutSticky(step: RewriteStep): RewriteStep {
  return {
    ...step,
    value(bytes, from, to, out, at) {
      const end = step.value(bytes, from, to, out, at)
      if (end === DROP) return DROP
      let target = at
      for (let source = at; source < end; source += 8) {
        const kind = u16(out, source)
        if (kind === DEFAULT_GATEWAY) continue
        if (kind === MAC_MOBILITY) put8(out, source + 2, u8(out, source + 2) & ~STICKY)
        target = copy(out, source, source + 8, out, target)
      }
      return target === at ? DROP : target
    },
  }
}
