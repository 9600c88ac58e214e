/**
 * Judges the OPEN of a peer (RFC 4271 §6.2) and finds what both sides agree on (RFC 5492, 4760, 6793, 2918, 7313, 8654).
 */

import { formatRouterId } from '../address/router-id.ts'
import { put8 } from '../bytes/octets.ts'
import type { Capability } from '../wire/capability/capability.ts'
import { enhancedRouteRefresh, extendedMessage, routeRefresh } from '../wire/capability/empty.ts'
import { fourOctetAs } from '../wire/capability/four-octet-as.ts'
import { multiprotocol } from '../wire/capability/multiprotocol.ts'
import { CAPABILITIES } from '../wire/capability/table.ts'
import { type SessionFault, sessionFault } from '../wire/fault.ts'
import { type AddressFamily, familyText, IPV4_UNICAST, sameFamily } from '../wire/negotiated.ts'
import { NotificationCode, OpenSubcode } from '../wire/notification-codes.ts'
import { AS_TRANS, BGP_VERSION, type Open } from '../wire/open.ts'
import type { Agreed, SessionSettings } from './door.ts'
import { announce, type Offer } from './offer.ts'

const LONGEST_MESSAGE = 4096
const LONGEST_EXTENDED_MESSAGE = 65535

/** What both agree on when we offered `offer` and the peer sent `open`; otherwise the fault whose NOTIFICATION ends the attempt. */
export function negotiate(settings: SessionSettings, offer: Offer, open: Open): Agreed | SessionFault {
  const fault = checkFields(settings, open) ?? checkCapabilities(open) ?? checkAs(settings, open)
  if (fault !== null) return fault
  const offered = familiesOf(open)
  const families = settings.families.filter((wanted) => offered.some((family) => sameFamily(wanted, family)))
  if (families.length === 0) return noCommonFamily(settings, open)

  const holdTimeSeconds = Math.min(settings.holdTimeSeconds, open.holdTimeSeconds)
  const extended = offer === 'whole'
  return {
    fourOctetAs: announces(open, fourOctetAs),
    internal: settings.peerAs === settings.localAs,
    maxMessage: extended && announces(open, extendedMessage) ? LONGEST_EXTENDED_MESSAGE : LONGEST_MESSAGE,
    // The peer may send long messages as soon as it has seen that we read them, whether it reads them itself or not (RFC 8654 §4).
    maxReceive: extended ? LONGEST_EXTENDED_MESSAGE : LONGEST_MESSAGE,
    routeRefresh: announces(open, routeRefresh),
    enhancedRouteRefresh: offer === 'whole' && announces(open, enhancedRouteRefresh),
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

/** Version, BGP identifier and hold time. A peer of another AS may have our identifier: it is unique within an AS only (RFC 6286 §2.2). */
function checkFields(settings: SessionSettings, { version, routerId, holdTimeSeconds }: Open): SessionFault | null {
  if (version !== BGP_VERSION)
    return openFault(OpenSubcode.unsupportedVersion, `peer speaks BGP version ${version}, not 4`, Uint8Array.of(0, BGP_VERSION))
  if (routerId === 0) return openFault(OpenSubcode.badRouterId, 'peer has BGP identifier 0.0.0.0')
  if (routerId === settings.routerId && settings.peerAs === settings.localAs) {
    return openFault(OpenSubcode.badRouterId, `peer of the same AS has our own BGP identifier ${formatRouterId(routerId)}`)
  }
  if (holdTimeSeconds !== 1 && holdTimeSeconds !== 2) return null
  return openFault(OpenSubcode.unacceptableHoldTime, `peer proposes a hold time of ${holdTimeSeconds} s; 0 or at least 3 is allowed`)
}

function checkCapabilities({ capabilities }: Open): SessionFault | null {
  for (const { code, value } of capabilities) {
    const why = CAPABILITIES[code]?.check(value) ?? null
    if (why !== null) return openFault(OpenSubcode.unspecific, why)
  }
  return null
}

/**
 * RFC 6793 §4.2: the capability carries the AS number, and the My AS field the same one or AS_TRANS. Without the capability the field is all
 * there is, and a peer whose AS number does not fit there cannot be who it says.
 */
function checkAs(settings: SessionSettings, open: Open): SessionFault | null {
  const capability = open.capabilities.find(({ code }) => code === fourOctetAs.code)
  const asn = capability === undefined ? open.myAs : fourOctetAs.read(capability.value).as
  if (capability !== undefined && open.myAs !== asn && open.myAs !== AS_TRANS) {
    return openFault(OpenSubcode.badPeerAs, `peer gives AS ${asn} in its capability and AS ${open.myAs} in its OPEN`)
  }
  return asn === settings.peerAs ? null : openFault(OpenSubcode.badPeerAs, `peer has AS ${asn}, expected AS ${settings.peerAs}`)
}

/** Families the peer announces; IPv4 unicast alone when it has no multiprotocol capability (RFC 4760 §8). */
function familiesOf(open: Open): AddressFamily[] {
  const announced = open.capabilities.filter(({ code }) => code === multiprotocol.code)
  if (announced.length === 0) return [IPV4_UNICAST]
  return announced.map(({ value }) => multiprotocol.read(value))
}

/**
 * A session that can carry nothing is refused with Unsupported Capability; the data holds the capabilities, each as code, length and value,
 * of which the peer needs one (RFC 5492 §5).
 */
function noCommonFamily(settings: SessionSettings, open: Open): SessionFault {
  const data = new Uint8Array(6 * settings.families.length)
  let at = 0
  for (const family of settings.families) {
    const { code, value } = announce(multiprotocol, family)
    at = put8(data, put8(data, at, code), value.length)
    data.set(value, at)
    at += value.length
  }
  const need = settings.families.map(familyText).join(', ')
  const has = announces(open, multiprotocol)
    ? `announces only ${familiesOf(open).map(familyText).join(', ')}`
    : 'announces no multiprotocol capability, so IPv4 unicast only'
  return openFault(OpenSubcode.unsupportedCapability, `no common address family: peer ${has}; needed is ${need}`, data)
}

function announces<V extends object>(open: Open, { code }: Capability<V>): boolean {
  return open.capabilities.some((capability) => capability.code === code)
}

function openFault(subcode: number, why: string, data?: Uint8Array): SessionFault {
  return sessionFault(NotificationCode.open, subcode, why, data)
}
