/** Attributes whose value is one 4-octet number: MULTI_EXIT_DISC, LOCAL_PREF, ONLY_TO_CUSTOMER. */
import { put32, u32 } from '../../bytes/octets.ts'
import { attributeFault, routeFault } from '../fault.ts'
import { OPTIONAL_NON_TRANSITIVE, OPTIONAL_TRANSITIVE, type PathAttribute, WELL_KNOWN } from './attribute.ts'

const number = {
  read: (bytes: Uint8Array, at: number) => u32(bytes, at),
  write: (value: number, out: Uint8Array, at: number) => put32(out, at, value),
  format: (value: number) => `${value}`,
}

/** MULTI_EXIT_DISC, RFC 4271 §5.1.4. Wrong length: treat-as-withdraw (RFC 7606 §7.4). */
export const med: PathAttribute<number> = {
  code: 4,
  name: 'med',
  flags: OPTIONAL_NON_TRANSITIVE,
  check: (_bytes, _at, length) => (length === 4 ? null : routeFault(4, `MULTI_EXIT_DISC of ${length} octets, 4 expected`)),
  ...number,
}

/** LOCAL_PREF, RFC 4271 §5.1.5. From an external peer: discarded; wrong length: treat-as-withdraw (RFC 7606 §7.5). */
export const localPref: PathAttribute<number> = {
  code: 5,
  name: 'localPref',
  flags: WELL_KNOWN,
  internalOnly: true,
  check(_bytes, _at, length, context) {
    if (!context.internal) return attributeFault(5, 'LOCAL_PREF from an external peer')
    return length === 4 ? null : routeFault(5, `LOCAL_PREF of ${length} octets, 4 expected`)
  },
  ...number,
}

/** Only to Customer (OTC), RFC 9234 §5: the AS that set it. Wrong length: treat-as-withdraw. */
export const otc: PathAttribute<number> = {
  code: 35,
  name: 'otc',
  flags: OPTIONAL_TRANSITIVE,
  check: (_bytes, _at, length) => (length === 4 ? null : routeFault(35, `OTC of ${length} octets, 4 expected`)),
  ...number,
}
