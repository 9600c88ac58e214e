/**
 * What is done about a malformed UPDATE, rule by rule (RFC 7606 §2): the table behind the `check` functions, for people. `reactions.md` is this table
 * as text. A test holds each rule against the malformed message that it names, and asks for a rule for every attribute that is known.
 *
 * Of several faults in one message the widest reach wins (RFC 7606 §3 h; `wider` in `fault.ts`).
 */
import type { Fault } from './fault.ts'

export interface Reaction {
  /** Name of an attribute as in `attribute/table.ts`, or the part of the message: `message`, `any attribute`, `withdrawn`, `nlri`. */
  readonly of: string
  readonly when: string
  readonly reach: Fault['reach']
  readonly rfc: string
  /** The message in `test/vectors/malformed-own.jsonl` that shows it, without the `own-` of its id. */
  readonly vector: string
}

export const REACTIONS: readonly Reaction[] = [
  { of: 'message', when: 'withdrawn routes run over the message', reach: 'session', rfc: 'RFC 4271 §6.3', vector: 'withdrawn-overrun' },
  { of: 'message', when: 'path attributes run over the message', reach: 'session', rfc: 'RFC 4271 §6.3', vector: 'attributes-overrun' },
  {
    of: 'message',
    when: 'withdrawing is due and no route is announced',
    reach: 'session',
    rfc: 'RFC 7606 §5.2',
    vector: 'malformed-without-nlri',
  },
  {
    of: 'message',
    when: 'ORIGIN, AS_PATH, NEXT_HOP (beside the NLRI field) or LOCAL_PREF (internal) is missing',
    reach: 'route',
    rfc: 'RFC 7606 §3 d',
    vector: 'missing-as-path',
  },
  {
    of: 'withdrawn',
    when: 'a prefix is longer than an address or runs over the end',
    reach: 'session',
    rfc: 'RFC 7606 §5.3',
    vector: 'withdrawn-prefix-33',
  },
  {
    of: 'nlri',
    when: 'a prefix is longer than an address or runs over the end',
    reach: 'session',
    rfc: 'RFC 7606 §5.3',
    vector: 'nlri-prefix-200',
  },
  {
    of: 'any attribute',
    when: 'it runs over the attributes, or its header is cut short, behind NLRI',
    reach: 'route',
    rfc: 'RFC 7606 §4',
    vector: 'attribute-overrun-behind-nlri',
  },
  {
    of: 'any attribute',
    when: 'it runs over the attributes and no NLRI stand before',
    reach: 'session',
    rfc: 'RFC 7606 §5.2',
    vector: 'attribute-overrun-before-nlri',
  },
  {
    of: 'any attribute',
    when: 'it stands twice: the second is dropped',
    reach: 'attribute',
    rfc: 'RFC 7606 §3 g',
    vector: 'duplicate-origin',
  },
  {
    of: 'any attribute',
    when: 'Optional or Transitive bits are not its own',
    reach: 'route',
    rfc: 'RFC 7606 §3 c',
    vector: 'communities-not-transitive',
  },
  {
    of: 'any attribute',
    when: 'it is unknown and says it is well-known',
    reach: 'session',
    rfc: 'RFC 4271 §6.3',
    vector: 'unknown-well-known',
  },
  { of: 'origin', when: 'length is not 1, or value above 2', reach: 'route', rfc: 'RFC 7606 §7.1', vector: 'origin-255' },
  {
    of: 'asPath',
    when: 'unknown segment type, empty segment, segments that do not end with it, AS 0',
    reach: 'route',
    rfc: 'RFC 7606 §7.2, RFC 7607 §2',
    vector: 'as-path-overrun',
  },
  {
    of: 'asPath',
    when: 'confederation segment from outside',
    reach: 'route',
    rfc: 'RFC 5065 §5',
    vector: 'as-path-confederation-external',
  },
  { of: 'nextHop', when: 'length is not 4', reach: 'route', rfc: 'RFC 7606 §7.3', vector: 'next-hop-length-3' },
  { of: 'med', when: 'length is not 4', reach: 'route', rfc: 'RFC 7606 §7.4', vector: 'med-length-3' },
  { of: 'localPref', when: 'from an external peer', reach: 'attribute', rfc: 'RFC 7606 §7.5', vector: 'local-pref-external' },
  { of: 'localPref', when: 'length is not 4', reach: 'route', rfc: 'RFC 7606 §7.5', vector: 'local-pref-length-8' },
  { of: 'atomicAggregate', when: 'length is not 0', reach: 'attribute', rfc: 'RFC 7606 §7.6', vector: 'atomic-aggregate-length-1' },
  {
    of: 'aggregator',
    when: 'length is not 8 (6 with 2-octet AS numbers), or AS 0',
    reach: 'attribute',
    rfc: 'RFC 7606 §7.7, RFC 7607 §2',
    vector: 'aggregator-length-6',
  },
  { of: 'communities', when: 'length is 0 or no multiple of 4', reach: 'route', rfc: 'RFC 7606 §7.8', vector: 'communities-length-6' },
  { of: 'originatorId', when: 'from an external peer', reach: 'attribute', rfc: 'RFC 7606 §7.9', vector: 'originator-id-external' },
  { of: 'originatorId', when: 'length is not 4', reach: 'route', rfc: 'RFC 7606 §7.9', vector: 'originator-id-length-5' },
  { of: 'clusterList', when: 'from an external peer', reach: 'attribute', rfc: 'RFC 7606 §7.10', vector: 'cluster-list-external' },
  { of: 'clusterList', when: 'length is 0 or no multiple of 4', reach: 'route', rfc: 'RFC 7606 §7.10', vector: 'cluster-list-length-7' },
  {
    of: 'mpReach',
    when: 'fields do not fit, or its next hop is none of the family',
    reach: 'session',
    rfc: 'RFC 7606 §7.11',
    vector: 'mp-reach-next-hop-5',
  },
  { of: 'mpReach', when: 'flags are not its own', reach: 'session', rfc: 'RFC 7606 §5.3', vector: 'mp-reach-transitive' },
  { of: 'mpReach', when: 'NLRI cannot be cut apart', reach: 'session', rfc: 'RFC 7606 §5.3', vector: 'mp-reach-ipv6-prefix-129' },
  {
    of: 'mpReach',
    when: 'NLRI of a known type that can be cut out and not be used',
    reach: 'route',
    rfc: 'RFC 7606 §5.3, §5.4',
    vector: 'nlri-imet-ip-length-33',
  },
  { of: 'mpReach', when: 'it stands twice', reach: 'session', rfc: 'RFC 7606 §3 g', vector: 'duplicate-mp-reach' },
  {
    of: 'mpUnreach',
    when: 'fields do not fit, flags are not its own, or NLRI cannot be cut apart',
    reach: 'session',
    rfc: 'RFC 7606 §7.12, §5.3',
    vector: 'mp-unreach-nlri-overrun',
  },
  { of: 'mpUnreach', when: 'it stands twice', reach: 'session', rfc: 'RFC 7606 §3 g', vector: 'duplicate-mp-unreach' },
  {
    of: 'extCommunities',
    when: 'length is 0 or no multiple of 8',
    reach: 'route',
    rfc: 'RFC 7606 §7.14',
    vector: 'ext-communities-length-4',
  },
  {
    of: 'as4Path',
    when: 'from a speaker of 4-octet AS numbers, or segments that cannot be',
    reach: 'attribute',
    rfc: 'RFC 6793 §4.1, §6',
    vector: 'as4-path-overrun',
  },
  {
    of: 'as4Aggregator',
    when: 'from a speaker of 4-octet AS numbers, length is not 8, or AS 0',
    reach: 'attribute',
    rfc: 'RFC 6793 §4.1, §6',
    vector: 'as4-aggregator-length-6',
  },
  {
    of: 'pmsiTunnel',
    when: 'length below 5, or a tunnel id that is none of a known type',
    reach: 'route',
    rfc: 'RFC 6514 §5, RFC 7385 §3',
    vector: 'pmsi-ir-endpoint-5',
  },
  {
    of: 'tunnelEncapsulation',
    when: 'TLVs do not fit, or no tunnel has one sound egress endpoint',
    reach: 'route',
    rfc: 'RFC 9012 §13',
    vector: 'tunnel-encapsulation-sub-tlv-overrun',
  },
  {
    of: 'ipv6ExtCommunities',
    when: 'length is 0 or no multiple of 20',
    reach: 'route',
    rfc: 'RFC 7606 §7.15',
    vector: 'ipv6-ext-communities-length-8',
  },
  {
    of: 'aigpHex',
    when: 'TLVs do not fit, a metric is not 8 octets, or it says it is transitive',
    reach: 'attribute',
    rfc: 'RFC 7311 §3',
    vector: 'aigp-tlv-overrun',
  },
  {
    of: 'largeCommunities',
    when: 'length is 0 or no multiple of 12',
    reach: 'route',
    rfc: 'RFC 8092 §6',
    vector: 'large-communities-length-13',
  },
  { of: 'otc', when: 'length is not 4', reach: 'route', rfc: 'RFC 9234 §5', vector: 'otc-length-2' },
  {
    of: 'dPath',
    when: 'length below 8, a segment without domains, or no whole number of domains',
    reach: 'route',
    rfc: 'RFC 10039',
    vector: 'd-path-half-a-domain',
  },
]

/** Names of the reaches as RFC 7606 §2 has them. */
export const REACTION_NAMES: Readonly<Record<Fault['reach'], string>> = {
  attribute: 'attribute discard',
  route: 'treat-as-withdraw',
  session: 'session reset',
}
