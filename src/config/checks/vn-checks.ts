import type { Checks } from './checks.ts'

/** What no single field of `vns` can tell, for an NVA and an edge alike. */
export function checkVns(checks: Checks): void {
  for (const name of checks.view.keys(['vns'])) {
    const vni = checks.view.number(['vns', name, 'vni'])
    if (vni !== undefined) checks.once(`vni ${vni}`, ['vns', name, 'vni'], 'a VNI that no other VN has')
  }
}
