/** The VNI that a route tells frames to carry: where it stands depends on the route type (RFC 7432 §7, RFC 8365 §5.1.3). */
import { u8, u24 } from '../../bytes/octets.ts'
import { findAttribute, valueStart } from '../../policy/attribute-rewrite.ts'
import type { AttributeSets, SetId } from '../../rib/attribute-sets.ts'
import { AttributeCode } from '../../wire/attribute/attribute.ts'
import { firstLabelAt } from '../../wire/nlri/evpn/in-place.ts'
import { IMET } from './mapping-key.ts'

/** Where the label stands in the value of PMSI Tunnel: flags (1), tunnel type (1). */
const PMSI_LABEL = 2

/** The VNI of a route by its NLRI (`size` octets at 0) and attribute set; -1: it names none. */
export function toldVni(nlri: Uint8Array, size: number, sets: AttributeSets, set: SetId): number {
  if (u8(nlri, 0) !== IMET) {
    const label = firstLabelAt(nlri, 0, size)
    return label < 0 ? -1 : u24(nlri, label)
  }
  const bytes = sets.octets(set)
  const at = findAttribute(bytes, sets.attributesAt(set), sets.attributesEnd(set), AttributeCode.pmsiTunnel)
  return at < 0 ? -1 : u24(bytes, valueStart(bytes, at) + PMSI_LABEL)
}
