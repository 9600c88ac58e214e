import { hex } from '../../bytes/octets.ts'
import { addPath } from './add-path.ts'
import type { Capability, RawCapability } from './capability.ts'
import { enhancedRouteRefresh, extendedMessage, routeRefresh, routeRefreshCisco } from './empty.ts'
import { extendedNextHop } from './extended-next-hop.ts'
import { fourOctetAs } from './four-octet-as.ts'
import { fqdn } from './fqdn.ts'
import { gracefulRestart } from './graceful-restart.ts'
import { longLivedGracefulRestart } from './long-lived-graceful-restart.ts'
import { multiprotocol } from './multiprotocol.ts'
import { role } from './role.ts'
import { softwareVersion } from './software-version.ts'

/** The capabilities that are decoded, by code. A new one: its file and its line here. */
export const CAPABILITIES: Readonly<Record<number, Capability>> = Object.fromEntries(
  [
    multiprotocol,
    routeRefresh,
    extendedNextHop,
    extendedMessage,
    role,
    gracefulRestart,
    fourOctetAs,
    addPath,
    enhancedRouteRefresh,
    longLivedGracefulRestart,
    fqdn,
    softwareVersion,
    routeRefreshCisco,
  ].map((entry) => [entry.code, entry as Capability]),
)

/** Names of codes that are not decoded (IANA, Capability Codes). */
const NAMES: Readonly<Record<number, string>> = {
  3: 'orf',
  7: 'bgpsec',
  8: 'multiple-labels',
  67: 'dynamic',
  76: 'paths-limit',
  77: 'link-local-next-hop',
}

/** A capability for people and programs: `code`, `name`, `length`, and the members its file names; `hex` where it is not decoded. */
export interface CapabilityView {
  readonly code: number
  readonly name: string
  readonly length: number
  readonly [member: string]: unknown
}

/** Decodes one capability. Octets that do not pass its `check` are shown as they are. */
export function readCapability({ code, value }: RawCapability): CapabilityView {
  const entry = CAPABILITIES[code]
  if (entry === undefined || entry.check(value) !== null) {
    return { code, name: entry?.name ?? NAMES[code] ?? 'unknown', hex: hex(value), length: value.length }
  }
  return { code, name: entry.name, ...entry.read(value), length: value.length }
}

/** The octets of a view. */
export function writeCapability(view: CapabilityView): RawCapability {
  const entry = CAPABILITIES[view.code]
  if (entry === undefined) return { code: view.code, value: new Uint8Array(Buffer.from(String(view.hex ?? ''), 'hex')) }
  return { code: view.code, value: entry.write(view) }
}

/** `multiprotocol 25/70`; the code and the octets of an unknown one: `unknown(99) aabbcc`. */
export function formatCapability(view: CapabilityView): string {
  const entry = CAPABILITIES[view.code]
  const name = view.name === 'unknown' ? `unknown(${view.code})` : view.name
  const value = typeof view.hex === 'string' ? view.hex : (entry?.format(view) ?? '')
  return value === '' ? name : `${name} ${value}`
}
