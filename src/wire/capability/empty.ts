/** Capabilities without a value: being there is all they say. */
import type { Capability } from './capability.ts'

function empty(code: number, name: string): Capability<Record<string, never>> {
  return {
    code,
    name,
    check: (value) => (value.length === 0 ? null : `${name} capability of ${value.length} octets, none expected`),
    read: () => ({}),
    write: () => new Uint8Array(0),
    format: () => '',
  }
}

/** RFC 2918 §2. */
export const routeRefresh = empty(2, 'route-refresh')
/** RFC 8654 §3. */
export const extendedMessage = empty(6, 'extended-message')
/** RFC 7313 §3.1. */
export const enhancedRouteRefresh = empty(70, 'enhanced-route-refresh')
/** What route refresh was before it had a number; old switches still send it beside code 2. */
export const routeRefreshCisco = empty(128, 'route-refresh-cisco')
