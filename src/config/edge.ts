/** The doors of the room for an edge: its configuration file in, checked settings out, or everything that is wrong with it. */
import { dirname } from 'node:path'
import { formatIp, parseIp } from '../address/ip.ts'
import { formatMac, parseMac } from '../address/mac.ts'
import { known } from '../address/parsed.ts'
import { parseRouterId } from '../address/router-id.ts'
import type { VnSettings } from '../domain/settings.ts'
import type { PeerSettings, SpeakerSettings } from '../speaker/settings.ts'
import type { Endpoint } from '../speaker/world.ts'
import type { Checked } from './configuration.ts'
import { Checks } from './cross-checks.ts'
import { edgeFile, type NveFile } from './edge-schema.ts'
import { parseEndpoint, parseHost } from './endpoint.ts'
import { readText } from './file-text.ts'
import { isOther } from './other-kind.ts'
import { inOrder, problemAt } from './problem.ts'
import { schemaProblems } from './schema-check.ts'
import { type ReadSecret, secretsFrom } from './secret.ts'
import { BGP_PORT, listenEndpoints, timers, vnSettings, withPort } from './settings-of.ts'
import { apiSocket, type LogLevel, socketProblems } from './shared-keys.ts'
import { soundView } from './sound-view.ts'
import { readYaml } from './yaml-source.ts'

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
  const checks = new Checks(source, soundView(source.value, objections))
  checkEdge(checks, readSecret)
  problems.push(...objections, ...checks.problems, ...socketProblems(source, 'nve'))
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

function checkEdge(checks: Checks, readSecret: ReadSecret): void {
  const { view } = checks
  checks.vns()
  for (const path of checks.items(['nve', 'nvas'])) {
    const endpoint = parseEndpoint(view.text(path) ?? '')
    if (!endpoint.ok) continue
    checks.peerAddress(path, endpoint.value.address)
    checks.sameVersion(endpoint.value.address, ['nve', 'localAddress'])
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
}

/** The NVAs are ordinary iBGP neighbours to an edge. */
function edgeSpeaker(nve: NveFile, readSecret: ReadSecret): SpeakerSettings {
  const routerId = known(parseRouterId(nve.routerId))
  const peers = nve.nvas.map((typed): PeerSettings => {
    const nva = withPort(known(parseEndpoint(typed)), nve.port ?? BGP_PORT)
    return {
      name: nva.address,
      role: 'plain',
      group: null,
      profile: null,
      importPolicy: null,
      exportPolicy: null,
      domain: null,
      asn: nve.asn,
      ...nva,
      passive: false,
      localAddress: nve.localAddress === undefined ? null : known(parseHost(nve.localAddress)),
      password: nve.password === undefined ? null : known(readSecret(nve.password)),
      routeReflectorClient: false,
      ...timers(nve),
    }
  })
  return { name: nve.name, asn: nve.asn, routerId, clusterId: routerId, peers, listenRanges: [], vnImport: null, vnExport: null }
}
