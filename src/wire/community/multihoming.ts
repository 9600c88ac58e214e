/** The communities of multihoming and tree services: ESI label, DF election, E-Tree, layer 2 attributes. */
import { put8, put16, put24, u8, u16, u24 } from '../../bytes/octets.ts'
import { clearValue, type ExtendedCommunity } from './extended-community.ts'

export interface EsiLabel {
  readonly flags: number
  readonly singleActive: boolean
  /** The upper 20 bits of the label field. */
  readonly label: number
  /** All 24 bits of it. */
  readonly vni: number
}

/** ESI Label, RFC 7432 §7.5: flags (1), reserved (2), label (3). */
export const esiLabel: ExtendedCommunity<EsiLabel> = {
  name: 'esi-label',
  kinds: [0x0601],
  read: (bytes, at) => ({
    flags: u8(bytes, at + 2),
    singleActive: (u8(bytes, at + 2) & 0x01) !== 0,
    label: u24(bytes, at + 5) >>> 4,
    vni: u24(bytes, at + 5),
  }),
  write({ flags, vni }, out, at) {
    clearValue(out, at)
    put8(out, at + 2, flags)
    put24(out, at + 5, vni)
  },
  format: ({ singleActive, label }) => `ESI-label:${label}:${singleActive ? 'single' : 'all'}-active`,
}

export interface DfElection {
  readonly algorithm: number
  readonly bitmap: number
}

/** DF Election, RFC 8584 §2.2: reserved (3 bits), algorithm (5 bits), bitmap (2), reserved (3; the preference in RFC 9785). */
export const dfElection: ExtendedCommunity<DfElection> = {
  name: 'df-election',
  kinds: [0x0606],
  read: (bytes, at) => ({ algorithm: u8(bytes, at + 2) & 0x1f, bitmap: u16(bytes, at + 3) }),
  write({ algorithm, bitmap }, out, at) {
    clearValue(out, at)
    put16(out, put8(out, at + 2, algorithm & 0x1f), bitmap)
  },
  format: ({ algorithm, bitmap }) => `DF:${algorithm}:0x${bitmap.toString(16)}`,
}

export interface ETree {
  readonly flags: number
  readonly leaf: boolean
  readonly label: number
}

/** E-Tree, RFC 8317 §5.1: flags (1), reserved (2), leaf label (3, upper 20 bits). */
export const eTree: ExtendedCommunity<ETree> = {
  name: 'e-tree',
  kinds: [0x0605],
  read: (bytes, at) => ({ flags: u8(bytes, at + 2), leaf: (u8(bytes, at + 2) & 0x01) !== 0, label: u24(bytes, at + 5) >>> 4 }),
  write({ flags, label }, out, at) {
    clearValue(out, at)
    put8(out, at + 2, flags)
    put24(out, at + 5, label << 4)
  },
  format: ({ leaf, label }) => `E-Tree:${leaf ? 'leaf' : 'root'}:${label}`,
}

export interface Layer2Attributes {
  readonly controlFlags: number
  /** Octets. */
  readonly mtu: number
}

/** EVPN Layer 2 Attributes, RFC 8214 §3.1: control flags (2), MTU (2), reserved (2). */
export const layer2Attributes: ExtendedCommunity<Layer2Attributes> = {
  name: 'layer2-attributes',
  kinds: [0x0604],
  read: (bytes, at) => ({ controlFlags: u16(bytes, at + 2), mtu: u16(bytes, at + 4) }),
  write({ controlFlags, mtu }, out, at) {
    clearValue(out, at)
    put16(out, put16(out, at + 2, controlFlags), mtu)
  },
  format: ({ controlFlags, mtu }) => `L2:0x${controlFlags.toString(16)}:MTU:${mtu}`,
}
