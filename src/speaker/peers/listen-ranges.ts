import { parseIp } from '../../address/ip.ts'
import { contains } from '../../address/prefix.ts'
import type { ListenRangeSettings } from '../settings.ts'

/** The listen range that takes an address (text): of several the first. */
export function rangeFor(ranges: readonly ListenRangeSettings[], address: string): ListenRangeSettings | undefined {
  const octets = parseIp(address)
  if (!octets.ok) return undefined
  return ranges.find(({ prefix, prefixLength }) => contains({ address: prefix, length: prefixLength }, octets.value))
}
