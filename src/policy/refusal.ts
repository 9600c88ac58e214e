import { LONG_FORM, ROUTE_CLASSES } from '../wire/nlri/route-class.ts'

/**
 * Why a route is not used, or not passed on. The number is what verdicts carry (`-2 - number`); the text is what operators read, in counters and
 * `show`. Append only: numbers are columns in the RIB's counters, of which there is room for 32.
 */
export const REFUSALS = [
  'as-path-loop',
  'first-as-mismatch',
  'own-originator-id',
  'cluster-list-loop',
  'vn-not-shared',
  'route-type-stays-home',
  'no-transit-between-domains',
  'not-a-client',
  'no-next-hop',
  'no-export',
  'no-advertise',
  'attributes-too-long',
  'peer-profile',
  'back-to-its-domain',
  'made-for-a-domain',
  'policy',
  'domain-path-loop',
  'already-passed-domain',
  'gateway-stands-for-it',
  'vni-mismatch',
  'service-mismatch',
  'encapsulation-mismatch',
  'held-by-limit',
  'suspended-by-limit',
  'mac-frozen',
  'shed-by-limit',
  'mac-sequence-too-high',
  'own-next-hop',
  'next-hop-not-agreed',
] as const
export type Refusal = (typeof REFUSALS)[number]

/** What each refusal means, in a sentence. */
export const REFUSAL_TEXT: Readonly<Record<Refusal, string>> = {
  'as-path-loop': 'the AS_PATH holds our own AS (RFC 4271 9.1.2)',
  'first-as-mismatch': 'the first AS of the AS_PATH is not the AS of the peer (RFC 4271 6.3)',
  'own-originator-id': 'the ORIGINATOR_ID is our own router id (RFC 4456 8)',
  'cluster-list-loop': 'the CLUSTER_LIST holds our own cluster id (RFC 4456 8)',
  'vn-not-shared': 'no route target of a VN that is shared with that domain',
  'route-type-stays-home': 'routes of this type do not cross between domains',
  'no-transit-between-domains': 'learned from another domain, and federation.transit does not name the two',
  'back-to-its-domain': 'came from that domain itself',
  'made-for-a-domain': 'made here for another domain, where a gateway stands for the inside',
  policy: 'refused by policy',
  'gateway-stands-for-it': 'of a VN that crosses through gateways: what is told in its place is made here',
  'not-a-client': 'learned from a reflector non-client, not passed on to another (RFC 4456 6)',
  'no-next-hop': 'the next hop is missing, zero or a multicast address',
  'peer-profile': 'the implementation named by the profile would end the session on it',
  'no-export': 'the community NO_EXPORT keeps the route in this AS (RFC 1997)',
  'no-advertise': 'the community NO_ADVERTISE keeps the route to ourselves (RFC 1997)',
  'domain-path-loop': 'the D-PATH holds our own DOMAIN-ID: the route has come round, or another domain has the same one (RFC 10039)',
  'already-passed-domain': 'has come through that domain already, by its D-PATH (RFC 10039)',
  'vni-mismatch': 'the VNI in the route is not the one agreed for its VN, and tunnels run NVE to NVE',
  'service-mismatch': 'the VN is layer 2 on one side and layer 3 on the other',
  'encapsulation-mismatch': 'the encapsulation is not the one agreed for the VN',
  'held-by-limit': 'waits: more routes or changes than the limits allow',
  'suspended-by-limit': 'suspended: more routes or changes than the limits allow',
  'shed-by-limit': 'not told until all is well again: more routes or changes than the limits allow',
  'mac-frozen': 'the MAC moved between domains too often and is frozen (RFC 7432 15.1)',
  'mac-sequence-too-high': 'its MAC mobility sequence is 2147483648 or more: no host here could take the MAC over for long',
  'own-next-hop': 'the next hop is one of our own domain: an NVE, a gateway or an NVA here',
  'next-hop-not-agreed': 'the next hop is none that the domain may name (nextHops.within)',
  'attributes-too-long': 'the attributes are more octets than can be held, or than the longest message to the peer has room for (RFC 8654)',
}

/** The verdict (see `rib`) that refuses for a reason. */
export function refusal(reason: Refusal): number {
  return -2 - REFUSALS.indexOf(reason)
}

/** The reason of a refusing verdict; null for a verdict that does not refuse. */
export function refusalOf(verdict: number): Refusal | null {
  return REFUSALS[-2 - verdict] ?? null
}

/** The same verdict for every route type but those named, by route class. */
export function onlyTypes(types: readonly number[], reason: Refusal): Int32Array {
  const verdicts = new Int32Array(ROUTE_CLASSES).fill(refusal(reason))
  for (const type of types) {
    verdicts[type] = 0
    verdicts[type + LONG_FORM] = 0
  }
  return verdicts
}
