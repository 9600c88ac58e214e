/** The communities that hold a MAC address: ES-Import route target (RFC 7432 §7.6) and EVPN Router's MAC (RFC 9135 §8.1). */
import { formatMac, writeMac } from '../../address/mac.ts'
import type { ExtendedCommunity } from './extended-community.ts'

export interface MacCommunity {
  readonly mac: string
}

function macCommunity(name: string, short: string, kind: number): ExtendedCommunity<MacCommunity> {
  return {
    name,
    kinds: [kind],
    read: (bytes, at) => ({ mac: formatMac(bytes, at + 2) }),
    write: ({ mac }, out, at) => {
      writeMac(mac, out, at + 2)
    },
    format: ({ mac }) => `${short}:${mac}`,
  }
}

/** Type and subtype of the EVPN Router's MAC. */
export const ROUTER_MAC = 0x0603

export const esImport = macCommunity('es-import', 'ES-Import', 0x0602)
export const routerMac = macCommunity('router-mac', 'Rmac', ROUTER_MAC)
