/**
 * What is wrong with octets a peer sent, and how far it reaches (RFC 7606 §2). The widest reach in a message wins.
 * A fault is a value: it is returned, never thrown.
 */
export type Fault =
  | { readonly reach: 'attribute'; readonly attribute: number; readonly why: string }
  | { readonly reach: 'route'; readonly attribute: number; readonly why: string }
  | { readonly reach: 'family'; readonly afi: number; readonly safi: number; readonly why: string }
  | SessionFault

/** The session ends with a NOTIFICATION of `code`/`subcode`, carrying `data` (RFC 4271 §6). */
export interface SessionFault {
  readonly reach: 'session'
  readonly code: number
  readonly subcode: number
  readonly data: Uint8Array
  readonly why: string
}

const NO_DATA = new Uint8Array(0)

/** Attribute discard: the attribute is dropped, the routes stay (RFC 7606 §2). */
export function attributeFault(attribute: number, why: string): Fault {
  return { reach: 'attribute', attribute, why }
}

/** Treat-as-withdraw: the routes of the message are withdrawn (RFC 7606 §2). */
export function routeFault(attribute: number, why: string): Fault {
  return { reach: 'route', attribute, why }
}

/** AFI/SAFI disable: the family is ignored until the session is new (RFC 7606 §2, RFC 4760 §7). */
export function familyFault(afi: number, safi: number, why: string): Fault {
  return { reach: 'family', afi, safi, why }
}

/** Session reset with a NOTIFICATION (RFC 4271 §6). */
export function sessionFault(code: number, subcode: number, why: string, data: Uint8Array = NO_DATA): SessionFault {
  return { reach: 'session', code, subcode, data, why }
}

const WIDTH = { attribute: 0, route: 1, family: 2, session: 3 } as const

/** The one of two faults that reaches further; the first of equals. */
export function wider(a: Fault | null, b: Fault | null): Fault | null {
  if (a === null) return b
  if (b === null) return a
  return WIDTH[b.reach] > WIDTH[a.reach] ? b : a
}
