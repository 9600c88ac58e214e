/**
 * Judges the OPEN of a peer (RFC 4271 §6.2) and finds what both sides agree on (RFC 5492, 4760, 6793, 2918, 7313, 8654).
 */
import { put8, u8, u16, u32 } from '../bytes/octets.ts'
import { type SessionFault, sessionFault } from '../wire/fault.ts'
import { type AddressFamily, IPV4_UNICAST, sameFamily } from '../wire/negotiated.ts'
import type { Open, RawCapability } from '../wire/open.ts'
import type { Agreed, SessionSettings } from './door.ts'
import { Announced, AS_TRANS, multiprotocol, type Offer } from './offer.ts'

const OPEN_ERROR = 2
const UNSPECIFIC = 0
const UNSUPPORTED_VERSION = 1
const BAD_PEER_AS = 2
const BAD_BGP_IDENTIFIER = 3
const UNACCEPTABLE_HOLD_TIME = 6
const UNSUPPORTED_CAPABILITY = 7

/** The largest version we speak, 2 octets: the data of an Unsupported Version Number. */
const VERSION_4 = Uint8Array.of(0, 4)

const LONGEST_MESSAGE = 4096
const LONGEST_EXTENDED_MESSAGE = 65535

/** What both agree on when we offered `offer` and the peer sent `open`; otherwise the fault whose NOTIFICATION ends the attempt. */
export function negotiate(settings: SessionSettings, offer: Offer, open: Open): Agreed | SessionFault {
  if (open.version !== 4) return sessionFault(OPEN_ERROR, UNSUPPORTED_VERSION, `peer speaks BGP version ${open.version}, not 4`, VERSION_4)
  const badLength = open.capabilities.find((capability) => misshapen(capability))
  if (badLength !== undefined) {
    return sessionFault(OPEN_ERROR, UNSPECIFIC, `capability ${badLength.code} of the peer has length ${badLength.value.length}`)
  }
  const asFault = checkAs(settings, open)
  if (asFault !== null) return asFault
  const internal = settings.peerAs === settings.localAs
  if (open.routerId === 0) return sessionFault(OPEN_ERROR, BAD_BGP_IDENTIFIER, 'peer has BGP identifier 0.0.0.0')
  // Unique within an AS only (RFC 6286 §2.2): an external peer may have ours.
  if (internal && open.routerId === settings.routerId) {
    return sessionFault(OPEN_ERROR, BAD_BGP_IDENTIFIER, `peer of the same AS has our own BGP identifier ${dotted(open.routerId)}`)
  }
  if (open.holdTimeSeconds === 1 || open.holdTimeSeconds === 2) {
    return sessionFault(
      OPEN_ERROR,
      UNACCEPTABLE_HOLD_TIME,
      `peer proposes a hold time of ${open.holdTimeSeconds} s; 0 or at least 3 is allowed`,
    )
  }
  const offered = familiesOf(open)
  const families = settings.families.filter((wanted) => offered.some((family) => sameFamily(wanted, family)))
  if (families.length === 0) return noCommonFamily(settings, open)

  const holdTimeSeconds = Math.min(settings.holdTimeSeconds, open.holdTimeSeconds)
  const extended = offer === 'whole'
  return {
    fourOctetAs: announces(open, Announced.fourOctetAs),
    internal,
    maxMessage: extended && announces(open, Announced.extendedMessage) ? LONGEST_EXTENDED_MESSAGE : LONGEST_MESSAGE,
    // The peer may send long messages as soon as it has seen that we read them, whether it reads them itself or not (RFC 8654 §4).
    maxReceive: extended ? LONGEST_EXTENDED_MESSAGE : LONGEST_MESSAGE,
    routeRefresh: announces(open, Announced.routeRefresh),
    enhancedRouteRefresh: offer === 'whole' && announces(open, Announced.enhancedRouteRefresh),
    families,
    holdTimeSeconds,
    keepaliveSeconds: Math.floor(holdTimeSeconds / 3),
    peerRouterId: open.routerId,
  }
}

/** Whether `outcome` of `negotiate` is a fault. */
export function isFault(outcome: Agreed | SessionFault): outcome is SessionFault {
  return 'reach' in outcome
}

/** A capability we must read whose value has not the length its RFC gives. Unknown ones are none of our business. */
function misshapen(capability: RawCapability): boolean {
  switch (capability.code) {
    case Announced.multiprotocol:
    case Announced.fourOctetAs:
      return capability.value.length !== 4
    default:
      return false
  }
}

/**
 * RFC 6793 §4.2: the capability carries the AS number, and the My AS field the same one or AS_TRANS. Without the capability the field is all
 * there is, and a peer whose AS number does not fit there cannot be who it says.
 */
function checkAs(settings: SessionSettings, open: Open): SessionFault | null {
  const capability = open.capabilities.find(({ code }) => code === Announced.fourOctetAs)
  const asn = capability === undefined ? open.myAs : u32(capability.value, 0)
  if (capability !== undefined && open.myAs !== asn && open.myAs !== AS_TRANS) {
    return sessionFault(OPEN_ERROR, BAD_PEER_AS, `peer gives AS ${asn} in its capability and AS ${open.myAs} in its OPEN`)
  }
  if (asn !== settings.peerAs) return sessionFault(OPEN_ERROR, BAD_PEER_AS, `peer has AS ${asn}, expected AS ${settings.peerAs}`)
  return null
}

/** Families the peer announces; IPv4 unicast alone when it has no multiprotocol capability (RFC 4760 §8). */
function familiesOf(open: Open): AddressFamily[] {
  const announced = open.capabilities.filter(({ code }) => code === Announced.multiprotocol)
  if (announced.length === 0) return [IPV4_UNICAST]
  return announced.map(({ value }) => ({ afi: u16(value, 0), safi: u8(value, 3) }))
}

/**
 * A session that can carry nothing is refused with Unsupported Capability; the data holds the capabilities, each as code, length and value,
 * of which the peer needs one (RFC 5492 §5).
 */
function noCommonFamily(settings: SessionSettings, open: Open): SessionFault {
  const data = new Uint8Array(6 * settings.families.length)
  let at = 0
  for (const family of settings.families) {
    const { code, value } = multiprotocol(family)
    at = put8(data, put8(data, at, code), value.length)
    data.set(value, at)
    at += value.length
  }
  const need = settings.families.map(afiSafi).join(', ')
  const has = announces(open, Announced.multiprotocol)
    ? `announces only ${familiesOf(open).map(afiSafi).join(', ')}`
    : 'announces no multiprotocol capability, so IPv4 unicast only'
  return sessionFault(OPEN_ERROR, UNSUPPORTED_CAPABILITY, `no common address family: peer ${has}; AFI/SAFI ${need} needed`, data)
}

function announces(open: Open, code: number): boolean {
  return open.capabilities.some((capability) => capability.code === code)
}

function afiSafi({ afi, safi }: AddressFamily): string {
  return `${afi}/${safi}`
}

function dotted(routerId: number): string {
  return `${routerId >>> 24}.${(routerId >>> 16) & 0xff}.${(routerId >>> 8) & 0xff}.${routerId & 0xff}`
}
