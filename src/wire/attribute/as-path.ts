import { routeFault } from '../fault.ts'
import { type AttributeContext, type PathAttribute, WELL_KNOWN } from './attribute.ts'
import {
  type AsOctets,
  type AsPath,
  checkSegments,
  formatSegments,
  hasConfederationSegment,
  readSegments,
  writeSegments,
} from './segments.ts'

/**
 * AS_PATH, RFC 4271 §5.1.2: segments of 2- or 4-octet AS numbers as agreed (RFC 6793). Malformed, or with confederation segments from outside of the
 * confederation (RFC 5065 §5): treat-as-withdraw (RFC 7606 §7.2).
 */
export const asPath: PathAttribute<AsPath> = {
  code: 2,
  name: 'asPath',
  flags: WELL_KNOWN,
  check(bytes, at, length, context) {
    const why = checkSegments(bytes, at, length, asOctets(context))
    if (why !== null) return routeFault(2, `AS_PATH: ${why}`)
    if (context.confederation ?? context.internal) return null
    const foreign = hasConfederationSegment(bytes, at, length, asOctets(context))
    return foreign ? routeFault(2, 'AS_PATH: a confederation segment from a peer outside') : null
  },
  read: (bytes, at, length, context) => readSegments(bytes, at, length, asOctets(context)),
  write: (value, out, at, context) => writeSegments(value, out, at, asOctets(context)),
  format: formatSegments,
}

function asOctets(context: AttributeContext): AsOctets {
  return context.fourOctetAs ? 4 : 2
}
