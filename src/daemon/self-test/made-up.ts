/** The made-up routes of the self-test, as octets on the wire. */
import { copy, put8, put16, put24, put32 } from '../../bytes/octets.ts'
import { HEADER_LENGTH, MAX_MESSAGE, MessageType, writeHeader } from '../../wire/framing.ts'
import { IMET } from '../../wire/nlri/evpn/imet.ts'
import { IP_PREFIX } from '../../wire/nlri/evpn/ip-prefix.ts'
import { MAC_IP } from '../../wire/nlri/evpn/mac-ip.ts'

export const ASN = 65000
/** Of the other domain. */
export const OTHER_ASN = 65001
/** Router id of sender 0; the others follow. */
export const FIRST_ID = 0x0a000001
/** VNs of every sender. */
export const VNS = 4
/** Routes of a VN that are no MAC/IP routes: one IMET and one IP prefix route. */
export const NO_MACS = 2
const LONGEST_NLRI = 39
/** Room for header, lengths, MP_REACH_NLRI and attributes. */
const BESIDE = 160
/** VNI of VN 0; the others follow. */
export const VNI = 10_000
/** Route target of each VN, `ASN`:VN. */
export const TARGETS: readonly Uint8Array[] = Array.from({ length: VNS }, (_, vn) =>
  Uint8Array.of(0, 2, ASN >>> 8, ASN & 0xff, 0, 0, 0, vn),
)

/** The extended communities route target, VXLAN encapsulation and MAC mobility; PMSI tunnel. */
const COMMON = 'c010180002fde800000000030c0000000000080600000000000000c0160900060000000a000001'
/** Where octets of these begin that are not always the same. */
const TARGET_AT = 3
const SEQUENCE_AT = 23
const PMSI_LABEL_AT = 32
/** ORIGIN, AS_PATH, LOCAL_PREF in front of them, as a switch says it, and what the NVA of the other domain says. */
const OWN = octets(`4001010040020040050400000064${COMMON}`)
const FOREIGN = octets(`400101004002060201${OTHER_ASN.toString(16).padStart(8, '0')}${COMMON}`)
const COMMON_LENGTH = COMMON.length / 2

/** What happens to all routes of a sender. */
export interface Change {
  readonly sender: number
  /** MAC mobility sequence with which they are announced; null: withdrawn. */
  readonly sequence: number | null
  /** In an RD that all senders share instead of the sender's own. */
  readonly sharedRd: boolean
  /** Routes of each VN: `NO_MACS`, and the others MAC/IP routes. */
  readonly routes: number
  /** The sender speaks for the other domain. */
  readonly foreign: boolean
  /** Every route in an UPDATE with attributes of its own, instead of full UPDATEs. */
  readonly sparse: boolean
}

/**
 * Writes one UPDATE with routes `first` and following of a VN at `at`, where there is room for the longest message. Returns the first route that is
 * not in it, where its NLRI are (`from`..`to`) and the offset behind.
 */
export function writeMadeUp(
  change: Change,
  vn: number,
  first: number,
  out: Uint8Array,
  at: number,
): { next: number; from: number; to: number; end: number } {
  const { sender, sequence, routes, foreign, sparse } = change
  const reach = put16(out, put16(out, at + HEADER_LENGTH, 0), 0)
  let end = put8(out, put8(out, reach, 0x90), sequence === null ? 15 : 14) + 2
  end = put8(out, put16(out, end, 25), 70)
  if (sequence !== null) end = put8(out, put32(out, put8(out, end, 4), FIRST_ID + sender), 0)
  const from = end
  const limit = sparse ? first + 1 : routes
  let next = first
  while (next < limit && end + LONGEST_NLRI + BESIDE < at + MAX_MESSAGE) end = writeNlri(change, vn, next++, out, end)
  const to = end
  put16(out, reach + 2, end - reach - 4)
  if (sequence !== null) {
    const attributes = foreign ? FOREIGN : OWN
    end = copy(attributes, 0, attributes.length, out, end)
    const common = end - COMMON_LENGTH
    put8(out, common + TARGET_AT + 7, vn)
    put24(out, common + PMSI_LABEL_AT, VNI + vn)
    put32(out, common + SEQUENCE_AT, routes * sequence + (sparse ? first : 0))
  }
  put16(out, reach - 2, end - reach)
  writeHeader(out, at, end - at, MessageType.update)
  return { next, from, to, end }
}

/** Route 0 is an IMET, route 1 an IP prefix (not of the other domain: the VNs are layer 2), the others MAC/IP, every other with an address. */
function writeNlri({ sender, sharedRd, foreign }: Change, vn: number, route: number, out: Uint8Array, at: number): number {
  const type = route === 0 ? IMET : route === 1 && !foreign ? IP_PREFIX : MAC_IP
  const withIp = route % 2 === 0
  let end = put8(out, at, type) + 1
  end = put16(out, put32(out, put16(out, end, 1), sharedRd ? 0 : FIRST_ID + sender), vn)
  if (type === IMET) end = put32(out, put8(out, put32(out, end, 0), 32), FIRST_ID + (sharedRd ? 0 : sender))
  else {
    end = put32(out, put32(out, put32(out, put16(out, end, 0), 0), 0), 0)
    if (type === IP_PREFIX) end = put24(out, put32(out, put32(out, put8(out, end, 24), 0x0a000000 + (vn << 8)), 0), VNI + vn)
    else {
      end = put32(out, put16(out, put8(out, end, 48), 0x0200), (vn << 24) + ((sharedRd ? 0 : sender) << 16) + route)
      end = put8(out, end, withIp ? 32 : 0)
      if (withIp) end = put32(out, end, 0x0a000000 + (vn << 16) + route)
      end = put24(out, end, VNI + vn)
    }
  }
  put8(out, at + 1, end - at - 2)
  return end
}

function octets(hex: string): Uint8Array {
  return Uint8Array.from(Buffer.from(hex, 'hex'))
}
