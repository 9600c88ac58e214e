import { formatMac, parseMac } from '../../address/mac.ts'
import type { Problem } from '../file/problem.ts'
import type { ReadSecret } from '../file/secret.ts'
import { soundView } from '../file/sound-view.ts'
import type { YamlSource } from '../file/yaml-source.ts'
import { parseEndpoint } from '../schema/endpoint.ts'
import { Checks } from './checks.ts'
import { checkPeerAddress, checkSameVersion } from './session-checks.ts'
import { checkVns } from './vn-checks.ts'

/** What no single field of the file of an edge can tell, among the parts the schema has accepted. */
export function edgeProblems(source: YamlSource, objections: readonly Problem[], readSecret: ReadSecret): Problem[] {
  const checks = new Checks(source, soundView(source.value, objections))
  const { view } = checks
  checkVns(checks)
  for (const path of checks.items(['nve', 'nvas'])) {
    const endpoint = parseEndpoint(view.text(path) ?? '')
    if (!endpoint.ok) continue
    checkPeerAddress(checks, path, endpoint.value.address)
    checkSameVersion(checks, endpoint.value.address, ['nve', 'localAddress'])
  }
  for (const tenant of checks.items(['tenants'])) {
    const vn = view.text([...tenant, 'vn'])
    if (vn === undefined) continue
    if (!view.keys(['vns']).includes(vn)) checks.object([...tenant, 'vn'], 'a VN of this file', `${vn}, which is not under vns`)
    const mac = parseMac(view.text([...tenant, 'mac']) ?? '')
    if (mac.ok)
      checks.once(`tenant ${vn} ${formatMac(mac.value)} ${view.text([...tenant, 'ip']) ?? ''}`, [...tenant, 'mac'], 'each tenant once')
  }
  checks.secret(['nve', 'password'], readSecret)
  return checks.problems
}
