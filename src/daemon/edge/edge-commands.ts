/** The commands of an edge: a line of words in, an answer out. The same for a person at the terminal and a program at the socket. */
import type { Edge, Outcome } from '../../nve/edge.ts'
import type { Mapping } from '../../nve/mapping-table.ts'

export type EdgeAnswer =
  | {
      readonly ok: true
      /** For people. */
      readonly lines: readonly string[]
      /** For programs. */
      readonly value: unknown
      /** Whether the edge ends now. */
      readonly quit?: boolean
    }
  | { readonly ok: false; readonly why: string }

interface EdgeCommand {
  /** What follows the word. */
  readonly takes: string
  readonly does: string
  /** Numbers of words it takes. */
  readonly least: number
  readonly most: number
  run(edge: Edge, words: readonly string[]): EdgeAnswer
}

const COMMANDS: Readonly<Record<string, EdgeCommand>> = {
  attach: {
    takes: 'VN MAC [IP]',
    does: 'attach a tenant system, or take it over from the NVE that has it',
    least: 2,
    most: 3,
    run: (edge, [vn = '', mac = '', ip]) => outcome('attached', edge.attach(vn, mac, ip ?? null)),
  },
  detach: {
    takes: 'VN MAC',
    does: 'detach it',
    least: 2,
    most: 2,
    run: (edge, [vn = '', mac = '']) => outcome('detached', edge.detach(vn, mac)),
  },
  table: {
    takes: '[VN]',
    does: 'the mapping table: who is behind which remote NVE',
    least: 0,
    most: 1,
    run: table,
  },
  tenants: {
    takes: '',
    does: 'tenant systems attached here',
    least: 0,
    most: 0,
    run(edge) {
      const { tenants } = edge
      const lines = tenants.map(({ vn, mac, ips, sequence }) => `${vn}  ${mac}  ${ips.join(' ') || '-'}  sequence ${sequence}`)
      return { ok: true, lines: lines.length > 0 ? lines : ['nothing is attached here'], value: { tenants } }
    },
  },
  peers: {
    takes: '',
    does: 'the NVAs and how the sessions with them stand',
    least: 0,
    most: 0,
    run(edge) {
      const peers = [...edge.speaker.peers.values()].map((peer) => ({
        name: peer.settings.name,
        address: peer.settings.address,
        asn: peer.settings.asn,
        state: peer.state,
        lastError: peer.lastError === '' ? null : peer.lastError,
      }))
      const lines = peers.map(
        ({ name, asn, state, lastError }) => `${name}  AS ${asn}  ${state}${lastError === null ? '' : `  (${lastError})`}`,
      )
      return { ok: true, lines, value: { peers } }
    },
  },
  help: { takes: '', does: 'this', least: 0, most: 0, run: () => ({ ok: true, lines: helpLines(), value: { commands: helpLines() } }) },
  quit: {
    takes: '',
    does: 'end the edge, its sessions with Cease',
    least: 0,
    most: 0,
    run: () => ({ ok: true, lines: [], value: {}, quit: true }),
  },
}

/** Carries out one line; null for an empty one. */
export function obey(edge: Edge, line: string): EdgeAnswer | null {
  const [word = '', ...words] = line.trim().split(/\s+/)
  if (word === '') return null
  const command = Object.hasOwn(COMMANDS, word) ? COMMANDS[word] : undefined
  if (command === undefined) return { ok: false, why: `found ${JSON.stringify(word)}, expected one of ${Object.keys(COMMANDS).join(', ')}` }
  if (words.length < command.least || words.length > command.most) {
    return { ok: false, why: `found ${words.length} words after ${word}, expected ${`${word} ${command.takes}`.trimEnd()}` }
  }
  return command.run(edge, words)
}

function helpLines(): string[] {
  const usage = Object.entries(COMMANDS).map(([word, { takes, does }]) => [`${word} ${takes}`.trimEnd(), does] as const)
  const width = Math.max(...usage.map(([left]) => left.length))
  return usage.map(([left, does]) => `${left.padEnd(width)}  ${does}`)
}

function outcome(done: string, result: Outcome): EdgeAnswer {
  if (!result.ok) return result
  const { vn, mac, ips, sequence } = result.tenant
  const address = ips.length === 0 ? '' : ` with ${ips.join(' ')}`
  return { ok: true, lines: [`${mac}${address} ${done}, VN ${vn}, sequence ${sequence}`], value: { tenant: result.tenant } }
}

function table(edge: Edge, [wanted]: readonly string[]): EdgeAnswer {
  const names = edge.settings.vns.map(({ name }) => name)
  if (wanted !== undefined && !names.includes(wanted)) {
    return { ok: false, why: `this edge has no VN ${JSON.stringify(wanted)}; it has ${names.join(', ') || 'none'}` }
  }
  const vns = (wanted === undefined ? names : [wanted]).map((vn) => ({
    vn,
    flood: edge.table.flood(vn),
    mappings: edge.table.mappings(vn),
  }))
  const lines = vns.flatMap(({ vn, flood, mappings }) => [
    `${vn}: flood to ${flood.join(' ') || 'nobody'}`,
    ...mappings.map((mapping) => `  ${mappingLine(mapping)}`),
  ])
  return { ok: true, lines, value: { vns } }
}

function mappingLine({ mac, vtep, vni, ips, sequence, sticky }: Mapping): string {
  return `${mac}  ${ips.join(' ') || '-'}  behind ${vtep} vni ${vni}  sequence ${sequence}${sticky ? ' sticky' : ''}`
}
