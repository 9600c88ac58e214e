import { attributeFault } from '../fault.ts'
import { type PathAttribute, WELL_KNOWN } from './attribute.ts'

/** ATOMIC_AGGREGATE, RFC 4271 §5.1.6: no value. Wrong length: attribute discard (RFC 7606 §7.6). */
export const atomicAggregate: PathAttribute<true> = {
  code: 6,
  name: 'atomicAggregate',
  flags: WELL_KNOWN,
  check: (_bytes, _at, length) => (length === 0 ? null : attributeFault(6, `ATOMIC_AGGREGATE of ${length} octets, none expected`)),
  read: () => true,
  write: (_value, _out, at) => at,
  format: () => 'atomic-aggregate',
}
