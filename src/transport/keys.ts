/**
 * Which TCP MD5 keys a listener needs.
 */
import { parseIp } from '../address/ip.ts'
import { known } from '../address/parsed.ts'
import type { SpeakerSettings } from '../speaker/settings.ts'
import type { TcpKey } from './sockopt.ts'

/** A key for every peer and every listen range that has a password. Where both match an address the kernel takes the longer prefix. */
export function tcpKeys({ peers, listenRanges }: Pick<SpeakerSettings, 'peers' | 'listenRanges'>): TcpKey[] {
  const keys: TcpKey[] = []
  for (const { address, password } of peers) {
    if (password === null) continue
    const network = known(parseIp(address))
    keys.push({ network, prefixLength: network.length * 8, password })
  }
  for (const { prefix, prefixLength, password } of listenRanges) {
    if (password !== null) keys.push({ network: prefix, prefixLength, password })
  }
  return keys
}
