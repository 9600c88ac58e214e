import { loadConfiguration } from './configuration.ts'
import { checkEdgeText } from './edge.ts'
import { readText } from './file/file-text.ts'
import type { Problem } from './file/problem.ts'
import { soundView } from './file/sound-view.ts'
import { readYaml } from './file/yaml-source.ts'
import { endModules, NO_MODULES } from './policies/own-modules.ts'

export type FileCheck =
  | { readonly ok: true; readonly summary: string; readonly warnings: readonly Problem[] }
  | { readonly ok: false; readonly problems: readonly Problem[] }

/** Checks a file of either kind: with the key `nve` it is that of an edge, else that of an NVA. The summary is one line for people. */
export async function checkFile(path: string): Promise<FileCheck> {
  const text = readText(path)
  if (!text.ok) return { ok: false, problems: [text.problem] }
  const { source } = readYaml(text.value, path)
  if (source !== null && soundView(source.value, []).has(['nve'])) {
    const edge = checkEdgeText(text.value, path)
    if (!edge.ok) return edge
    const { name, speaker, vns, tenants } = edge.configuration
    const parts = [counted(speaker.peers.length, 'NVA'), counted(vns.length, 'VN'), counted(tenants.length, 'tenant system')]
    return { ok: true, summary: `edge ${name}: ${parts.join(', ')}`, warnings: edge.warnings }
  }
  const nva = await loadConfiguration(path)
  if (!nva.ok) return nva
  endModules(nva.configuration.modules, NO_MODULES)
  const { name, speaker, domain, federation } = nva.configuration
  const parts = [
    counted(speaker.peers.length, 'peer'),
    counted(speaker.listenRanges.length, 'listen range'),
    counted(domain.vns.length, 'VN'),
    counted(federation.domains.length, 'federated domain'),
  ]
  return { ok: true, summary: `NVA ${name} of domain ${domain.name}: ${parts.join(', ')}`, warnings: nva.warnings }
}

function counted(count: number, what: string): string {
  return `${count} ${what}${count === 1 ? '' : 's'}`
}
