import { type SessionFault, sessionFault } from '../fault.ts'
import { NotificationCode, UpdateSubcode } from '../notification-codes.ts'
import type { UpdateScan } from '../update-scan.ts'
import { AttributeCode, type AttributeContext } from './attribute.ts'
import { checkAttribute } from './table.ts'

/**
 * An UPDATE that announces nothing yet has attributes beside MP_UNREACH_NLRI may have had routes that were not found. When one of those attributes is at
 * fault, withdrawing is not enough, and the session ends (RFC 7606 §5.2); attributes that would only be discarded do not count. null when all is well.
 * Hot: allocates nothing on success.
 */
export function faultWithoutNlri(bytes: Uint8Array, scan: UpdateScan, context: AttributeContext): SessionFault | null {
  if (scan.nlriTo > scan.nlriFrom || (scan.reachAfi !== 0 && scan.reachTo > scan.reachFrom)) return null
  for (let i = 0; i < scan.count; i++) {
    const code = scan.code[i]!
    if (code === AttributeCode.mpUnreach) continue
    const fault = checkAttribute(scan.flags[i]!, code, bytes, scan.valueAt[i]!, scan.valueLength[i]!, context)
    if (fault === null || fault.reach === 'attribute') continue
    if (fault.reach === 'session') return fault
    return sessionFault(NotificationCode.update, UpdateSubcode.malformedAttributeList, `${fault.why}, in an UPDATE without NLRI`)
  }
  return null
}
