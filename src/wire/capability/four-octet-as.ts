import { put32, u32 } from '../../bytes/octets.ts'
import type { Capability } from './capability.ts'

export interface FourOctetAs {
  readonly as: number
}

/** Support for 4-octet AS numbers, RFC 6793 §3: the AS number (4). */
export const fourOctetAs: Capability<FourOctetAs> = {
  code: 65,
  name: 'four-octet-as',
  check: (value) => (value.length === 4 ? null : `four-octet-as capability of ${value.length} octets`),
  read: (value) => ({ as: u32(value, 0) }),
  write({ as }) {
    const value = new Uint8Array(4)
    put32(value, 0, as)
    return value
  },
  format: ({ as }) => `${as}`,
}
