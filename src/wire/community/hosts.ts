/** The communities that tell about hosts: default gateway, ARP/ND flags, multicast flags. */
import { put8, put16, u8, u16 } from '../../bytes/octets.ts'
import { clearValue, type ExtendedCommunity } from './extended-community.ts'

/** Type and subtype. */
export const DEFAULT_GATEWAY = 0x030d

/** Default Gateway, RFC 7432 §7.8: 6 reserved octets. */
export const defaultGateway: ExtendedCommunity<Record<string, never>> = {
  name: 'default-gateway',
  kinds: [DEFAULT_GATEWAY],
  read: () => ({}),
  write: (_fields, out, at) => clearValue(out, at),
  format: () => 'Default-Gateway',
}

export interface ArpNd {
  readonly flags: number
  readonly router: boolean
  readonly override: boolean
  readonly immutable: boolean
}

/** ARP/ND, RFC 9047 §2: flags (1), reserved (5). */
export const arpNd: ExtendedCommunity<ArpNd> = {
  name: 'arp-nd',
  kinds: [0x0608],
  read(bytes, at) {
    const flags = u8(bytes, at + 2)
    return { flags, router: (flags & 0x01) !== 0, override: (flags & 0x02) !== 0, immutable: (flags & 0x08) !== 0 }
  },
  write({ flags }, out, at) {
    clearValue(out, at)
    put8(out, at + 2, flags)
  },
  format: ({ flags }) => `ND:0x${flags.toString(16)}`,
}

export interface MulticastFlags {
  readonly flags: number
}

/** Multicast Flags, RFC 9251 §9.4: flags (2), reserved (4). */
export const multicastFlags: ExtendedCommunity<MulticastFlags> = {
  name: 'multicast-flags',
  kinds: [0x0609],
  read: (bytes, at) => ({ flags: u16(bytes, at + 2) }),
  write({ flags }, out, at) {
    clearValue(out, at)
    put16(out, at + 2, flags)
  },
  format: ({ flags }) => `Multicast:0x${flags.toString(16)}`,
}
