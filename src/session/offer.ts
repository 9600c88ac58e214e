/**
 * The OPEN we send (RFC 4271 §4.2) and the capabilities in it (RFC 5492).
 */
import type { Capability, RawCapability } from '../wire/capability/capability.ts'
import { enhancedRouteRefresh, extendedMessage, routeRefresh } from '../wire/capability/empty.ts'
import { fourOctetAs } from '../wire/capability/four-octet-as.ts'
import { fqdn } from '../wire/capability/fqdn.ts'
import { multiprotocol } from '../wire/capability/multiprotocol.ts'
import { AS_TRANS, BGP_VERSION, type Open } from '../wire/open.ts'
import type { SessionSettings } from './door.ts'

/**
 * How much we ask for. `plain` leaves out what a session can do without (extended messages, enhanced route refresh, FQDN), for a peer that
 * has refused the whole offer (RFC 5492 §3).
 */
export type Offer = 'whole' | 'plain'

/** The OPEN to send with these settings. Multiprotocol capabilities in the order of `settings.families`. */
export function buildOpen(settings: SessionSettings, offer: Offer = 'whole'): Open {
  const capabilities = settings.families.map((family) => announce(multiprotocol, family))
  capabilities.push(announce(routeRefresh, {}))
  if (offer === 'whole') capabilities.push(announce(extendedMessage, {}))
  capabilities.push(announce(fourOctetAs, { as: settings.localAs }))
  if (offer === 'whole') {
    capabilities.push(announce(enhancedRouteRefresh, {}))
    // All of the name stands in the host name: what of it is domain, nobody told us.
    if (settings.hostname !== '') capabilities.push(announce(fqdn, { hostname: settings.hostname, domain: '' }))
  }
  return {
    version: BGP_VERSION,
    myAs: settings.localAs > 0xffff ? AS_TRANS : settings.localAs,
    holdTimeSeconds: settings.holdTimeSeconds,
    routerId: settings.routerId,
    capabilities,
  }
}

/** One capability as it goes into an OPEN. */
export function announce<V extends object>(capability: Capability<V>, fields: V): RawCapability {
  return { code: capability.code, value: capability.write(fields) }
}
