/** What no single field of a peer, a listen range or a listener can tell. */
import { formatPrefix, parsePrefix } from '../../address/prefix.ts'
import type { FieldPath } from '../file/problem.ts'
import { parseHost, parseListenEndpoint } from '../schema/endpoint.ts'
import { type Checks, listed } from './checks.ts'

export function checkListen(checks: Checks): void {
  for (const path of checks.items(['nva', 'listen'])) {
    const endpoint = parseListenEndpoint(checks.view.text(path) ?? '')
    if (endpoint.ok) checks.once(`listen ${endpoint.value.address} ${endpoint.value.port ?? 179}`, path, 'each address and port once')
  }
}

export function checkPeers(checks: Checks): void {
  for (const name of checks.view.keys(['peers'])) {
    const peer: FieldPath = ['peers', name]
    checkPeerAddress(checks, [...peer, 'address'], checks.view.text([...peer, 'address']))
    checkSession(checks, peer)
    checkSameVersion(checks, checks.view.text([...peer, 'address']), checks.inherited(peer, 'localAddress'))
  }
}

export function checkListenRanges(checks: Checks): void {
  for (const range of checks.items(['listenRanges'])) {
    checkSession(checks, range)
    const path = [...range, 'prefix']
    const prefix = parsePrefix(checks.view.text(path) ?? '')
    if (!prefix.ok) continue
    checks.once(`range ${formatPrefix(prefix.value)}`, path, 'each prefix once')
    if (isDeaf(checks))
      checks.object(range, 'an address in nva.listen to accept its sessions on', 'a listen range while nva.listen is empty')
  }
}

/** What holds for a peer and a listen range alike: its group, and what both say together. */
function checkSession(checks: Checks, peer: FieldPath): void {
  const group = checks.view.text([...peer, 'group'])
  const groups = checks.view.keys(['peerGroups'])
  if (group !== undefined && !groups.includes(group)) {
    checks.object([...peer, 'group'], `the name of a peer group: ${listed(groups)}`)
    return
  }
  const role = checks.view.text([...peer, 'role'])
  const groupRole = group === undefined ? undefined : checks.view.text(['peerGroups', group, 'role'])
  if (role !== undefined && groupRole !== undefined && role !== groupRole) {
    checks.object([...peer, 'role'], `the role of its group: ${checks.place(['peerGroups', group ?? '', 'role'])} is ${groupRole}`)
  }
  checkPassive(checks, checks.inherited(peer, 'passive'))

  const own = checks.view.number(['nva', 'asn'])
  const asnPath = checks.inherited(peer, 'asn')
  const asn = checks.view.number(asnPath)
  if (own === undefined || asn === undefined || asn === own) return
  if (!checks.view.has(checks.inherited(peer, 'role'))) {
    const choice = 'role: nve (an edge with an AS of its own) or role: plain beside it, or the peer under federation.domains'
    checks.object(asnPath, `the own AS ${own}, or ${choice}`)
  }
  const client = checks.inherited(peer, 'routeReflectorClient')
  if (checks.view.flag(client) === true) {
    checks.object(client, `false or nothing: route reflection is within the own AS ${own}, and the peer has ${asn} (RFC 4456 §6)`)
  }
}

export function checkPeerAddress(checks: Checks, path: FieldPath, typed: string | undefined): void {
  const host = parseHost(typed ?? '')
  if (!host.ok) return
  checks.once(`peer ${host.value}`, path, 'an address that no other peer has')
  if (checks.ownAddresses().includes(host.value)) checks.object(path, 'the address of another speaker: this one is in nva.listen')
}

export function checkSameVersion(checks: Checks, address: string | undefined, local: FieldPath): void {
  const own = checks.view.text(local)
  if (address === undefined || own === undefined || address.includes(':') === own.includes(':')) return
  checks.object(local, `an address of the same IP version as that of the peer, ${address}`)
}

export function checkPassive(checks: Checks, path: FieldPath): void {
  if (checks.view.flag(path) === true && isDeaf(checks)) checks.object(path, 'an address in nva.listen, which is empty: nobody would dial')
}

/** Whether the file says to listen nowhere. */
function isDeaf(checks: Checks): boolean {
  return checks.view.has(['nva', 'listen']) && checks.view.count(['nva', 'listen']) === 0
}
