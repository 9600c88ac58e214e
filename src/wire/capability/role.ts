import type { Capability } from './capability.ts'

export interface Role {
  /** 0 provider, 1 route server, 2 route server client, 3 customer, 4 peer. */
  readonly role: number
}

const NAMES = ['provider', 'rs', 'rs-client', 'customer', 'peer']

/** BGP Role, RFC 9234 §4.1: 1 octet. */
export const role: Capability<Role> = {
  code: 9,
  name: 'role',
  check: (value) => (value.length === 1 ? null : `role capability of ${value.length} octets`),
  read: (value) => ({ role: value[0]! }),
  write: (fields) => Uint8Array.of(fields.role),
  format: (fields) => NAMES[fields.role] ?? `${fields.role}`,
}
