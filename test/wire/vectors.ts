import { readFileSync } from 'node:fs'
import type { AddressFamily } from '../../src/wire/negotiated.ts'

/** A vector of `test/vectors/`, as its README describes it. */
export interface Vector {
  readonly id: string
  readonly kind: 'message' | 'evpn-nlri' | 'attribute' | 'ext-community' | 'capability'
  readonly hex: string
  readonly context: { readonly as4?: boolean; readonly addpath?: boolean | readonly string[]; readonly ibgp?: boolean }
  readonly expect: Record<string, unknown>
  readonly verdict: string
  readonly why?: string
  /** Other verdicts that the RFCs leave room for. */
  readonly alsoAcceptable?: readonly string[]
  readonly sessionVerdict?: string
}

const SHORT = 'a short attribute with the extended length bit, which the names do not tell'
const ONE_PARAMETER = 'all capabilities in one optional parameter; we give each its own'
/** Vectors whose octets mean the same as the ones we write, but are not the same; and why. */
export const WRITTEN_OTHERWISE: Readonly<Record<string, string>> = {
  'msg-exabgp-conf-attributes-2': SHORT,
  'msg-exabgp-conf-parity-3': SHORT,
  'msg-exabgp-conf-path-information-4': SHORT,
  'msg-exabgp-extended-nexthop-3': SHORT,
  'msg-ryu-bgp4-update-0': SHORT,
  'msg-update-all-attributes': SHORT,
  'msg-update-ext-length-on-short-attrs': SHORT,
  'msg-mpreach-not-first-mixed-withdraw': SHORT,
  'msg-evpn-ipv6-nexthop': SHORT,
  'msg-evpn-ipv6-nexthop-32': SHORT,
  'msg-gobgpd-session-start-ibgp-1': ONE_PARAMETER,
  'msg-gobgpd-session-start-ebgp-1': ONE_PARAMETER,
  'msg-gobgpd-session-start-addpath-1': ONE_PARAMETER,
  'msg-open-many-capabilities-one-param': ONE_PARAMETER,
  'msg-open-extended-optional-params': ONE_PARAMETER,
  'attr-frr-mp-ipv4': 'bits set behind the prefix length',
  'attr-frr-mp-ipv4-unreach': 'bits set behind the prefix length',
  'cap-frr-gr': 'reserved flag bits set',
}

export function loadVectors(name: string): Vector[] {
  const text = readFileSync(new URL(`../vectors/${name}.jsonl`, import.meta.url), 'utf8')
  return text
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Vector)
}

/** Octets in memory of their own, as a Uint8Array. */
export function octets(hex: string): Uint8Array {
  return new Uint8Array(Buffer.from(hex, 'hex'))
}

export function toHex(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('hex')
}

const EVERY_FAMILY = ['25/70', '1/1', '2/1', '1/128', '2/128']

export function contextOf({ context }: Vector) {
  const listed = context.addpath === true ? EVERY_FAMILY : context.addpath === false ? [] : (context.addpath ?? [])
  const addPath: AddressFamily[] = listed.map((text) => {
    const [afi, safi] = text.split('/').map(Number)
    return { afi: afi ?? 0, safi: safi ?? 0 }
  })
  return { fourOctetAs: context.as4 ?? true, internal: context.ibgp ?? true, addPath, extendedMessage: true }
}
