/** Error codes and subcodes of NOTIFICATIONs, by number and by the names of IANA's registry. */

/** RFC 4271 §4.5; 7: RFC 7313 §5; 8: RFC 9687 §3. */
export const NotificationCode = {
  messageHeader: 1,
  open: 2,
  update: 3,
  holdTimerExpired: 4,
  stateMachine: 5,
  cease: 6,
  routeRefresh: 7,
  sendHoldTimerExpired: 8,
} as const

/** Subcodes of a message header error, RFC 4271 §6.1. */
export const HeaderSubcode = { notSynchronized: 1, badLength: 2, badType: 3 } as const

/** Subcodes of an OPEN error, RFC 4271 §6.2, RFC 5492 §5, RFC 9234 §8. */
export const OpenSubcode = {
  unspecific: 0,
  unsupportedVersion: 1,
  badPeerAs: 2,
  badRouterId: 3,
  unsupportedParameter: 4,
  unacceptableHoldTime: 6,
  unsupportedCapability: 7,
  roleMismatch: 11,
} as const

/** Subcodes of an UPDATE error, RFC 4271 §6.3. */
export const UpdateSubcode = {
  malformedAttributeList: 1,
  unrecognizedWellKnown: 2,
  missingWellKnown: 3,
  attributeFlags: 4,
  attributeLength: 5,
  invalidOrigin: 6,
  invalidNextHop: 8,
  optionalAttribute: 9,
  invalidNetworkField: 10,
  malformedAsPath: 11,
} as const

/** Subcodes of a ROUTE-REFRESH error, RFC 7313 §5. */
export const RefreshErrorSubcode = { badLength: 1 } as const

/** Subcodes of a state machine error: the state the message came in, RFC 6608 §3. */
export const StateSubcode = { unspecific: 0, openSent: 1, openConfirm: 2, established: 3 } as const

/** Subcodes of Cease, RFC 4486 §3, RFC 8538 §3. */
export const CeaseSubcode = {
  maxPrefixes: 1,
  shutdown: 2,
  deconfigured: 3,
  reset: 4,
  rejected: 5,
  configurationChange: 6,
  collision: 7,
  outOfResources: 8,
  hardReset: 9,
  bfdDown: 10,
} as const

interface CodeName {
  readonly name: string
  readonly subcodes: Readonly<Record<number, string>>
}

const NAMES: Readonly<Record<number, CodeName>> = {
  1: { name: 'Message Header Error', subcodes: { 1: 'Connection Not Synchronized', 2: 'Bad Message Length', 3: 'Bad Message Type' } },
  2: {
    name: 'OPEN Message Error',
    subcodes: {
      1: 'Unsupported Version Number',
      2: 'Bad Peer AS',
      3: 'Bad BGP Identifier',
      4: 'Unsupported Optional Parameter',
      5: 'Authentication Failure',
      6: 'Unacceptable Hold Time',
      7: 'Unsupported Capability',
      11: 'Role Mismatch',
    },
  },
  3: {
    name: 'UPDATE Message Error',
    subcodes: {
      1: 'Malformed Attribute List',
      2: 'Unrecognized Well-known Attribute',
      3: 'Missing Well-known Attribute',
      4: 'Attribute Flags Error',
      5: 'Attribute Length Error',
      6: 'Invalid ORIGIN Attribute',
      7: 'AS Routing Loop',
      8: 'Invalid NEXT_HOP Attribute',
      9: 'Optional Attribute Error',
      10: 'Invalid Network Field',
      11: 'Malformed AS_PATH',
    },
  },
  4: { name: 'Hold Timer Expired', subcodes: {} },
  5: {
    name: 'Finite State Machine Error',
    subcodes: { 1: 'Unexpected Message in OpenSent', 2: 'Unexpected Message in OpenConfirm', 3: 'Unexpected Message in Established' },
  },
  6: {
    name: 'Cease',
    subcodes: {
      1: 'Maximum Number of Prefixes Reached',
      2: 'Administrative Shutdown',
      3: 'Peer De-configured',
      4: 'Administrative Reset',
      5: 'Connection Rejected',
      6: 'Other Configuration Change',
      7: 'Connection Collision Resolution',
      8: 'Out of Resources',
      9: 'Hard Reset',
      10: 'BFD Down',
    },
  },
  7: { name: 'ROUTE-REFRESH Message Error', subcodes: { 1: 'Invalid Message Length' } },
  8: { name: 'Send Hold Timer Expired', subcodes: {} },
}

/** `Cease/Administrative Shutdown`; numbers where there is no name. */
export function notificationName(code: number, subcode: number): string {
  const known = NAMES[code]
  if (known === undefined) return `code ${code}/${subcode}`
  if (subcode === 0) return known.name
  return `${known.name}/${known.subcodes[subcode] ?? subcode}`
}
