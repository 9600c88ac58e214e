import { routeFault } from '../fault.ts'
import { type AttributeContext, type PathAttribute, WELL_KNOWN } from './attribute.ts'
import { type AsOctets, type AsPath, checkSegments, formatSegments, readSegments, writeSegments } from './segments.ts'

/** AS_PATH, RFC 4271 §5.1.2: segments of 2- or 4-octet AS numbers as agreed (RFC 6793). Malformed: treat-as-withdraw (RFC 7606 §7.2). */
export const asPath: PathAttribute<AsPath> = {
  code: 2,
  name: 'asPath',
  flags: WELL_KNOWN,
  check(bytes, at, length, context) {
    const why = checkSegments(bytes, at, length, asOctets(context))
    return why === null ? null : routeFault(2, `AS_PATH: ${why}`)
  },
  read: (bytes, at, length, context) => readSegments(bytes, at, length, asOctets(context)),
  write: (value, out, at, context) => writeSegments(value, out, at, asOctets(context)),
  format: formatSegments,
}

function asOctets(context: AttributeContext): AsOctets {
  return context.fourOctetAs ? 4 : 2
}
