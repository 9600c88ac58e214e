import { describe, expect, it } from 'vitest'
import { messageContext, readVectorContext, type VectorContext } from '../../src/decode/batch/vector-context.ts'
import { AttributeCode, type AttributeContext } from '../../src/wire/attribute/attribute.ts'
import { writeCanonicalAttributes } from '../../src/wire/attribute/canonical.ts'
import { nextHopFits } from '../../src/wire/attribute/mp-reach.ts'
import { faultWithoutNlri } from '../../src/wire/attribute/without-nlri.ts'
import { attributeFault, type Fault, sessionFault, wider } from '../../src/wire/fault.ts'
import { readMessage } from '../../src/wire/message.ts'
import { UpdateScan } from '../../src/wire/update-scan.ts'
import { loadVectors, octets } from './vectors.ts'

const UPDATE = 2
const updates = [...loadVectors('messages'), ...loadVectors('malformed-examples'), ...loadVectors('malformed-own')].filter(({ hex }) => {
  const bytes = octets(hex)
  if (bytes.length < 23 || bytes[18] !== UPDATE || bytes.length !== ((bytes[16] ?? 0) << 8) + (bytes[17] ?? 0)) return false
  // Routes in the IPv4 unicast fields are no business of a session here.
  const scan = new UpdateScan()
  scan.scan(bytes, 0, bytes.length)
  return scan.nlriFrom === scan.nlriTo
})

function announces(bytes: Uint8Array): boolean {
  const scan = new UpdateScan()
  return scan.scan(bytes, 0, bytes.length) === null && scan.reachAfi !== 0 && scan.reachTo > scan.reachFrom
}

/** What the passes over octets that a session takes find, without looking into NLRI. */
function hotFault(bytes: Uint8Array, context: AttributeContext): Fault | null {
  const scan = new UpdateScan()
  const structure = scan.scan(bytes, 0, bytes.length)
  if (structure !== null) return structure
  const unsure = faultWithoutNlri(bytes, scan, context)
  if (unsure !== null) return unsure
  if (scan.reachAfi !== 0 && !nextHopFits(scan.reachAfi, scan.reachSafi, scan.nextHopLength)) return sessionFault(3, 9, 'next hop')
  const left: Fault[] = scan.duplicates > 0 ? [attributeFault(0, 'duplicate')] : []
  if (scan.reachAfi === 0 || scan.reachFrom === scan.reachTo) return left[0] ?? null
  const written = writeCanonicalAttributes(bytes, scan, context, new Uint8Array(0x20000), 0, (why) => left.push(attributeFault(0, why)))
  return typeof written === 'number' ? (left[0] ?? null) : written
}

/** What the view finds, without what it finds in NLRI. */
function coldFault(bytes: Uint8Array, context: AttributeContext): Fault | null {
  const { faults } = readMessage(bytes, { ...context, extendedMessage: true })
  const ofNlri = (fault: Fault) =>
    (fault.reach === 'route' && (fault.attribute === AttributeCode.mpReach || fault.attribute === AttributeCode.mpUnreach)) ||
    (fault.reach === 'session' && /prefix|NLRI runs over/.test(fault.why))
  return faults.filter((fault) => !ofNlri(fault)).reduce<Fault | null>(wider, null)
}

describe('a session and a view reach as far', () => {
  for (const vector of updates) {
    it(`in ${vector.id}`, () => {
      const bytes = octets(vector.hex)
      const context = messageContext(readVectorContext(vector.context) as VectorContext)
      const [hot, cold] = [hotFault(bytes, context), coldFault(bytes, context)]
      // What would only be discarded is not looked for where no route is announced.
      const wanted = announces(bytes) || cold?.reach !== 'attribute' ? (cold?.reach ?? 'ok') : 'ok'
      expect(hot?.reach ?? 'ok', `${JSON.stringify(hot)} ${JSON.stringify(cold)}`).toBe(wanted)
    })
  }
})
