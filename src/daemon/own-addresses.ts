/** Addresses of our own domain by its configuration: of peers, of data gateways, and our own. No other domain's host is behind them, whatever routes say. */
import { parseIp } from '../address/ip.ts'
import type { NvaSettings } from './nva.ts'

export function ownAddresses({ speaker, federation, listen = [] }: NvaSettings): Uint8Array[] {
  const texts = [
    ...speaker.peers.flatMap(({ address, domain }) => (domain === null ? [address] : [])),
    ...speaker.peers.flatMap(({ localAddress }) => localAddress ?? []),
    ...listen.map(({ address }) => address),
  ]
  const gateways = federation.domains.flatMap(({ share }) => share.flatMap(({ via }) => via?.gateways ?? []))
  return [
    ...texts.flatMap((text) => {
      const address = parseIp(text)
      return address.ok ? [address.value] : []
    }),
    ...gateways.flatMap(({ address, insideAddress }) => [address, insideAddress]),
  ]
}
