/**
 * Addresses as sockets tell them.
 */
import type { Endpoint } from '../speaker/world.ts'

const MAPPED = '::ffff:'

/** An IPv4 peer on an IPv6 socket shows as `::ffff:192.0.2.1`; everywhere else in the house it is 192.0.2.1. */
export function plainAddress(address: string): string {
  return address.startsWith(MAPPED) && address.includes('.') ? address.slice(MAPPED.length) : address
}

/** `192.0.2.1:179`, `[2001:db8::1]:179`. */
export function formatEndpoint({ address, port }: Endpoint): string {
  return address.includes(':') ? `[${address}]:${port}` : `${address}:${port}`
}
