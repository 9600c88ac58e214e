/** The schema of a file of policy cases: routes in the words of the field, whom they come from and go to, and what is to become of them. */
import { z } from 'zod'
import { parseRd } from '../../address/rd.ts'
import { communityValues, largeCommunityValues } from '../../policy/modules/argument/communities.ts'
import { extendedCommunityValues } from '../../policy/modules/argument/extended-communities.ts'
import { text, whole } from '../../policy/modules/argument/fields.ts'
import { address, asn, bgpIdentifier, esi, flag, mac, NAME, oneOf, prefix, routeTarget, vni } from './fields.ts'

const NUMBER = 'a number from 0 to 4294967295'
const number = whole(NUMBER, 0, 0xffffffff)
const RD = 'a route distinguisher such as 192.0.2.11:1'
const ROUTE_TARGETS = 'a list of route targets'
const AS_PATH = 'a list of AS numbers'

/** What `type` may be; left out it follows from `mac` or `prefix`. */
const CASE_ROUTE_TYPES = ['ethernet-ad', 'mac-ip', 'imet', 'ethernet-segment', 'ip-prefix'] as const
const CASE_ENCAPSULATIONS = ['vxlan', 'nvgre', 'mpls', 'vxlan-gpe', 'geneve', 'none'] as const

const caseRoute = z.strictObject(
  {
    type: oneOf(...CASE_ROUTE_TYPES).optional(),
    vn: NAME.meta({ description: 'the VN whose route targets and VNI it has, where they are not given' }).optional(),
    rd: text(RD, parseRd).optional(),
    ethernetTag: number.optional(),
    mac: mac.optional(),
    ip: address.optional(),
    prefix: prefix.optional(),
    gateway: address.optional(),
    esi: esi.optional(),
    originator: address.optional(),
    vni: vni.optional(),
    vni2: vni.optional(),
    nextHop: address.optional(),
    routeTargets: z.array(routeTarget, ROUTE_TARGETS).optional(),
    communities: communityValues.optional(),
    largeCommunities: largeCommunityValues.optional(),
    extendedCommunities: extendedCommunityValues.optional(),
    encapsulation: oneOf(...CASE_ENCAPSULATIONS).optional(),
    routerMac: mac.optional(),
    mobility: z.strictObject({ sequence: number, sticky: flag.optional() }, 'a map with sequence, and sticky: true or false').optional(),
    defaultGateway: flag.optional(),
    localPref: number.optional(),
    med: number.optional(),
    asPath: z.array(asn, AS_PATH).optional(),
    origin: oneOf('igp', 'egp', 'incomplete').optional(),
    originatorId: bgpIdentifier.optional(),
  },
  'a map of what the route is made of, such as { vn: web, mac: "02:00:00:00:00:01" }',
)

/** Words of what policy may change. */
export const CHANGE_WORDS = [
  'nextHop',
  'vni',
  'vni2',
  'routeTargets',
  'extendedCommunities',
  'communities',
  'largeCommunities',
  'localPref',
  'med',
  'asPath',
  'origin',
  'originatorId',
  'clusterList',
  'aggregator',
  'atomicAggregate',
  'aigp',
  'pmsiTunnel',
  'tunnelEncapsulation',
  'rateClass',
] as const
export type ChangeWord = (typeof CHANGE_WORDS)[number]

const CHANGED = 'what it is afterwards: a text, a number or a list of them, or none'
const changedValue = z.union([z.string(), z.number(), z.null(), z.array(z.union([z.string(), z.number()]))], CHANGED).optional()
const changes = z.strictObject(
  Object.fromEntries(CHANGE_WORDS.map((word) => [word, changedValue])) as Record<ChangeWord, typeof changedValue>,
  'a map of all that policy changes; {} for nothing',
)

const WHO = 'the name or address of a peer, an address of a listen range, or a federated domain'
const who = z.string(WHO).min(1, WHO).meta({ description: WHO })
const BY =
  'the term that decides as policy/term, end, none, or why the route is refused before policy, such as vn-not-shared, or behind it, such as vni-mismatch'

const policyCase = z.strictObject(
  {
    name: z.string('a text').optional(),
    route: caseRoute,
    from: who,
    to: who.meta({ description: `${WHO}; left out: only the way in is asked about` }).optional(),
    expect: oneOf('accept', 'reject'),
    by: z.string(BY).min(1, BY).meta({ description: BY }).optional(),
    changes: changes.optional(),
  },
  'a map with route, from, to and expect',
)

const CASES = 'a list of cases, at least one'
export const casesFile = z.strictObject(
  {
    configuration: z.string('the configuration of the NVA, from the folder of this file').min(1, 'the path of a configuration file'),
    cases: z.array(policyCase, CASES).min(1, CASES),
  },
  'a map with configuration and cases',
)

export type CaseRoute = z.output<typeof caseRoute>
export type PolicyCase = z.output<typeof policyCase>
export type ChangedValue = z.output<typeof changedValue>
