/**
 * What is wrong with octets a peer sent, and how far it reaches (RFC 7606 §2). The widest reach in a message wins. AFI/SAFI disable is not used: a session here
 * carries one family, and is reset instead.
 * A fault is a value: it is returned, never thrown.
 */
export type Fault =
  | { readonly reach: 'attribute'; readonly attribute: number; readonly why: string }
  | { readonly reach: 'route'; readonly attribute: number; readonly why: string }
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

/** Session reset with a NOTIFICATION (RFC 4271 §6). */
export function sessionFault(code: number, subcode: number, why: string, data: Uint8Array = NO_DATA): SessionFault {
  return { reach: 'session', code, subcode, data, why }
}

const WIDTH = { attribute: 0, route: 1, session: 2 } as const

/** The one of two faults that reaches further; the first of equals. */
export function wider(a: Fault | null, b: Fault | null): Fault | null {
  if (a === null) return b
  if (b === null) return a
  return WIDTH[b.reach] > WIDTH[a.reach] ? b : a
}
