/** The doors of the room for an edge: its configuration file in, checked settings out, or everything that is wrong with it. */
import { dirname } from 'node:path'
import { formatIp, parseIp } from '../address/ip.ts'
import { formatMac, parseMac } from '../address/mac.ts'
import { known } from '../address/parsed.ts'
import type { VnSettings } from '../domain/settings.ts'
import type { SpeakerSettings } from '../speaker/settings.ts'
import type { Endpoint } from '../speaker/world.ts'
import { edgeProblems } from './checks/edge-checks.ts'
import type { Checked } from './configuration.ts'
import { readText } from './file/file-text.ts'
import { isOther } from './file/other-kind.ts'
import { inOrder, problemAt } from './file/problem.ts'
import { schemaProblems } from './file/schema-check.ts'
import { secretsFrom } from './file/secret.ts'
import { readYaml } from './file/yaml-source.ts'
import { edgeFile } from './schema/edge-schema.ts'
import { parseHost } from './schema/endpoint.ts'
import { edgeSpeaker } from './settings/edge-settings.ts'
import { listenEndpoints, vnSettings } from './settings/settings-of.ts'
import { apiSocket, type LogLevel, socketProblems } from './settings/shared-keys.ts'

/** A tenant system that is attached from the start. */
export interface TenantSettings {
  /** Name of the VN. */
  readonly vn: string
  /** Canonical text. */
  readonly mac: string
  /** Canonical text, IPv4 or IPv6. */
  readonly ip: string | null
}

/** An edge as its operator wants it. */
export interface EdgeConfiguration {
  readonly file: string
  readonly name: string
  readonly speaker: SpeakerSettings
  /** Tunnel endpoint address, canonical text: next hop and originator of its routes. */
  readonly vtep: string
  readonly vns: readonly VnSettings[]
  readonly tenants: readonly TenantSettings[]
  /** Empty unless configured: an edge dials. */
  readonly listen: readonly Endpoint[]
  readonly api: { readonly socket: string }
  readonly log: { readonly level: LogLevel }
}

/** Reads and checks the file at `path`. Paths inside it begin at its folder. */
export function loadEdgeConfiguration(path: string): Checked<EdgeConfiguration> {
  const text = readText(path)
  return text.ok ? checkEdgeText(text.value, path) : { ok: false, problems: [text.problem] }
}

/** Checks the text of an edge's configuration file. */
export function checkEdgeText(text: string, file: string): Checked<EdgeConfiguration> {
  const { source, problems } = readYaml(text, file)
  if (source === null) return { ok: false, problems }
  if (isOther(source, 'nva', 'nve')) {
    return {
      ok: false,
      problems: [
        problemAt(source, ['nva'], 'the configuration of an NVA', 'that of an edge; an NVA runs with: fednva run --config', 'key'),
      ],
    }
  }
  const readSecret = secretsFrom(dirname(file))
  const objections = schemaProblems(source, edgeFile)
  problems.push(...objections, ...edgeProblems(source, objections, readSecret), ...socketProblems(source, 'nve'))
  if (problems.length > 0) return { ok: false, problems: inOrder(problems) }
  const { nve, vns, tenants } = edgeFile.parse(source.value)
  return {
    ok: true,
    configuration: {
      file,
      name: nve.name,
      speaker: edgeSpeaker(nve, readSecret),
      vtep: known(parseHost(nve.vtep)),
      vns: vnSettings(nve.asn, vns ?? {}),
      tenants: (tenants ?? []).map(({ vn, mac, ip }) => ({
        vn,
        mac: formatMac(known(parseMac(mac))),
        ip: ip === undefined ? null : formatIp(known(parseIp(ip))),
      })),
      listen: listenEndpoints(nve.listen, []),
      api: { socket: apiSocket(nve, file) },
      log: { level: nve.log?.level ?? 'info' },
    },
    warnings: [],
    source,
  }
}
