/** What no single field can tell: names that must exist, things that may be there only once, values that contradict each other. */
import { autoDomainId, formatDomainId } from '../address/domain-id.ts'
import { formatPrefix, parsePrefix } from '../address/prefix.ts'
import { parseEndpoint, parseHost, parseListenEndpoint } from './endpoint.ts'
import { checkInterVn } from './inter-vn.ts'
import { checkPolicies } from './policy-checks.ts'
import { type FieldPath, formatField, formatFound, type Problem, problemAt, worded } from './problem.ts'
import type { ReadSecret } from './secret.ts'
import { type SoundView, soundView } from './sound-view.ts'
import { checkVia } from './via-checks.ts'
import type { Part, YamlSource } from './yaml-source.ts'

/** All contradictions in the file of an NVA, among the parts the schema has accepted. */
export function crossProblems(
  source: YamlSource,
  objections: readonly Problem[],
  readSecret: ReadSecret,
): { readonly problems: readonly Problem[]; readonly warnings: readonly Problem[] } {
  const checks = new Checks(source, soundView(source.value, objections))
  checks.vns()
  checks.listen()
  checks.peers()
  checks.listenRanges()
  checks.domains()
  checkInterVn(checks)
  checkPolicies(checks)
  for (const path of passwordPaths(checks.view)) checks.secret(path, readSecret)
  return checks
}

/** The tools of one pass. */
export class Checks {
  readonly source: YamlSource
  readonly view: SoundView
  readonly problems: Problem[] = []
  /** What can be meant, but hardly is. */
  readonly warnings: Problem[] = []
  readonly #firsts = new Map<string, FieldPath>()

  constructor(source: YamlSource, view: SoundView) {
    this.source = source
    this.view = view
  }

  object(path: FieldPath, expected: string, found?: string, part: Part = 'value'): void {
    const shown = found ?? formatFound(this.view.text(path) ?? this.view.number(path) ?? this.view.flag(path), path)
    const problem = problemAt(this.source, path, shown, expected, part)
    if (!this.problems.some((other) => other.message === problem.message && other.line === problem.line)) this.problems.push(problem)
  }

  warn(path: FieldPath, words: string, part: Part = 'value'): void {
    this.warnings.push(worded(this.source, path, '', '', words, part))
  }

  /** `vns.web.vni (line 12)`. */
  place(path: FieldPath): string {
    return `${formatField(path)} (line ${this.lineOf(path)})`
  }

  lineOf(path: FieldPath): number {
    return this.source.locate(path, 'value').line
  }

  /** Objects to the second that has the same `key`, naming the first. */
  once(key: string, path: FieldPath, expected: string): void {
    const first = this.#firsts.get(key)
    if (first === undefined) this.#firsts.set(key, path)
    else this.object(path, `${expected}: ${this.place(first)} has it`)
  }

  secret(path: FieldPath, readSecret: ReadSecret): void {
    const file = this.view.text([...path, 'file'])
    if (file === undefined) return
    const result = readSecret({ file })
    if (!result.ok) this.object([...path, 'file'], result.expected, result.found)
  }

  vns(): void {
    for (const name of this.view.keys(['vns'])) {
      const vni = this.view.number(['vns', name, 'vni'])
      if (vni !== undefined) this.once(`vni ${vni}`, ['vns', name, 'vni'], 'a VNI that no other VN has')
    }
  }

  listen(): void {
    for (const path of this.items(['nva', 'listen'])) {
      const endpoint = parseListenEndpoint(this.view.text(path) ?? '')
      if (endpoint.ok) this.once(`listen ${endpoint.value.address} ${endpoint.value.port ?? 179}`, path, 'each address and port once')
    }
  }

  peers(): void {
    for (const name of this.view.keys(['peers'])) {
      const peer: FieldPath = ['peers', name]
      this.peerAddress([...peer, 'address'], this.view.text([...peer, 'address']))
      this.session(peer)
      this.sameVersion(this.view.text([...peer, 'address']), this.inherited(peer, 'localAddress'))
    }
  }

  listenRanges(): void {
    for (const range of this.items(['listenRanges'])) {
      this.session(range)
      const path = [...range, 'prefix']
      const prefix = parsePrefix(this.view.text(path) ?? '')
      if (!prefix.ok) continue
      this.once(`range ${formatPrefix(prefix.value)}`, path, 'each prefix once')
      if (this.deaf()) this.object(range, 'an address in nva.listen to accept its sessions on', 'a listen range while nva.listen is empty')
    }
  }

  domains(): void {
    const ownAsn = this.view.number(['nva', 'asn'])
    for (const name of this.view.keys(['federation', 'domains'])) {
      const domain: FieldPath = ['federation', 'domains', name]
      if (name === this.view.text(['nva', 'domain'])) {
        this.object(domain, 'the name of another domain', `${name}, the name of the own domain`)
      }
      const asn = this.view.number([...domain, 'asn'])
      if (asn !== undefined && asn === ownAsn) {
        this.object([...domain, 'asn'], `an AS number that is not the own one: ${this.place(['nva', 'asn'])} has it`)
      }
      for (const path of this.items([...domain, 'peers'])) {
        const endpoint = parseEndpoint(this.view.text(path) ?? '')
        if (!endpoint.ok) continue
        this.peerAddress(path, endpoint.value.address)
        this.sameVersion(endpoint.value.address, [...domain, 'localAddress'])
      }
      this.passive([...domain, 'passive'])
      this.shares(domain)
    }
    this.domainIds()
    this.transit()
  }

  /** A D-PATH tells domains apart by their ids alone. */
  domainIds(): void {
    const own = this.view.number(['nva', 'asn'])
    const ownId = this.view.text(['federation', 'domainId']) ?? (own === undefined ? undefined : formatDomainId(autoDomainId(own)))
    const ownPath: FieldPath = this.view.has(['federation', 'domainId']) ? ['federation', 'domainId'] : ['nva', 'asn']
    if (ownId !== undefined) this.once(`domain id ${ownId}`, ownPath, 'a DOMAIN-ID that no other domain has')
    for (const name of this.view.keys(['federation', 'domains'])) {
      const domain: FieldPath = ['federation', 'domains', name]
      const asn = this.view.number([...domain, 'asn'])
      const typed = this.view.text([...domain, 'domainId'])
      const id = typed ?? (asn === undefined || asn === own ? undefined : formatDomainId(autoDomainId(asn)))
      const path = [...domain, typed === undefined ? 'asn' : 'domainId']
      if (id !== undefined) this.once(`domain id ${id}`, path, 'a DOMAIN-ID (by default the AS number and 0) that no other domain has')
    }
  }

  transit(): void {
    const names = this.view.keys(['federation', 'domains'])
    for (const pair of this.items(['federation', 'transit'])) {
      const [a, b] = [this.view.text([...pair, 0]), this.view.text([...pair, 1])]
      for (const [at, name] of [a, b].entries()) {
        if (name !== undefined && !names.includes(name)) this.object([...pair, at], `the name of a domain: ${listed(names)}`)
      }
      if (a !== undefined && a === b) this.object([...pair, 1], 'another domain than the first of the pair')
    }
  }

  shares(domain: FieldPath): void {
    const seen = new Map<number, FieldPath>()
    for (const vn of this.view.keys([...domain, 'share'])) {
      const path = [...domain, 'share', vn]
      if (!this.view.keys(['vns']).includes(vn)) {
        this.object(path, `a VN of this file: ${listed(this.view.keys(['vns']))}`, `${vn}, which is not under vns`)
      }
      const local = this.view.number(['vns', vn, 'vni'])
      const typed = this.view.number([...path, 'vni'])
      if (this.view.has([...path, 'via'])) checkVia(this, vn, [...path, 'via'])
      else if (typed !== undefined && local !== undefined && typed !== local && this.view.flag([...path, 'downstreamVni']) !== true) {
        const able = 'direct mode needs equal VNIs on both sides, unless the NVEs take the VNI of each route: downstreamVni: true'
        this.object([...path, 'vni'], `the local VNI ${local}: ${able}`)
      }
      const vni = typed ?? local
      const first = vni === undefined ? undefined : seen.get(vni)
      if (vni === undefined) continue
      if (first === undefined) seen.set(vni, path)
      else
        this.object(
          typed === undefined ? path : [...path, 'vni'],
          `a VNI that no other share of the domain has: ${this.place(first)} has it`,
          String(vni),
        )
    }
  }

  /** What holds for a peer and a listen range alike: its group, and what both say together. */
  session(peer: FieldPath): void {
    const group = this.view.text([...peer, 'group'])
    const groups = this.view.keys(['peerGroups'])
    if (group !== undefined && !groups.includes(group)) {
      this.object([...peer, 'group'], `the name of a peer group: ${listed(groups)}`)
      return
    }
    const role = this.view.text([...peer, 'role'])
    const groupRole = group === undefined ? undefined : this.view.text(['peerGroups', group, 'role'])
    if (role !== undefined && groupRole !== undefined && role !== groupRole) {
      this.object([...peer, 'role'], `the role of its group: ${this.place(['peerGroups', group ?? '', 'role'])} is ${groupRole}`)
    }
    this.passive(this.inherited(peer, 'passive'))

    const own = this.view.number(['nva', 'asn'])
    const asnPath = this.inherited(peer, 'asn')
    const asn = this.view.number(asnPath)
    if (own === undefined || asn === undefined || asn === own) return
    if (!this.view.has(this.inherited(peer, 'role'))) {
      const choice = 'role: nve (an edge with an AS of its own) or role: plain beside it, or the peer under federation.domains'
      this.object(asnPath, `the own AS ${own}, or ${choice}`)
    }
    const client = this.inherited(peer, 'routeReflectorClient')
    if (this.view.flag(client) === true) {
      this.object(client, `false or nothing: route reflection is within the own AS ${own}, and the peer has ${asn} (RFC 4456 §6)`)
    }
  }

  /** Where the field of a peer stands: with itself, else with its group. */
  inherited(peer: FieldPath, field: string): FieldPath {
    const group = this.view.text([...peer, 'group'])
    return this.view.has([...peer, field]) || group === undefined ? [...peer, field] : ['peerGroups', group, field]
  }

  peerAddress(path: FieldPath, typed: string | undefined): void {
    const host = parseHost(typed ?? '')
    if (!host.ok) return
    this.once(`peer ${host.value}`, path, 'an address that no other peer has')
    if (this.ownAddresses().includes(host.value)) this.object(path, 'the address of another speaker: this one is in nva.listen')
  }

  /** Addresses in nva.listen. */
  ownAddresses(): string[] {
    return this.items(['nva', 'listen']).flatMap((path) => {
      const endpoint = parseListenEndpoint(this.view.text(path) ?? '')
      return endpoint.ok ? [endpoint.value.address] : []
    })
  }

  sameVersion(address: string | undefined, local: FieldPath): void {
    const own = this.view.text(local)
    if (address === undefined || own === undefined || address.includes(':') === own.includes(':')) return
    this.object(local, `an address of the same IP version as that of the peer, ${address}`)
  }

  passive(path: FieldPath): void {
    if (this.view.flag(path) === true && this.deaf()) this.object(path, 'an address in nva.listen, which is empty: nobody would dial')
  }

  /** Whether the file says to listen nowhere. */
  deaf(): boolean {
    return this.view.has(['nva', 'listen']) && this.view.count(['nva', 'listen']) === 0
  }

  items(path: FieldPath): FieldPath[] {
    return Array.from({ length: this.view.count(path) }, (_, i) => [...path, i])
  }
}

function passwordPaths(view: SoundView): FieldPath[] {
  const owners: FieldPath[] = [['peerGroups'], ['peers'], ['federation', 'domains']]
  return owners.flatMap((owner) => view.keys(owner).map((name) => [...owner, name, 'password']))
}

function listed(names: readonly string[]): string {
  return names.length === 0 ? 'there is none' : names.join(', ')
}
