import { existsSync, rmSync, writeFileSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { must } from './command.ts'
import { Unmet } from './until.ts'

/** Programs the lab uses and the Debian package that brings each. */
type Need = readonly [program: string, debianPackage: string]

const NEEDED: readonly Need[] = [
  ['ip', 'iproute2'],
  ['sysctl', 'procps'],
  ['gobgpd', 'gobgpd'],
  ['exabgp', 'exabgp'],
  ['tcpdump', 'tcpdump'],
  ['tshark', 'tshark'],
  ['ping', 'iputils-ping'],
  ['arping', 'iputils-arping'],
  ['setpriv', 'util-linux'],
]

const FRR: readonly Need[] = [['/usr/lib/frr/bgpd', 'frr']]

const PODMAN: readonly Need[] = [
  ['podman', 'podman'],
  ['runc', 'runc'],
  ['conmon', 'conmon'],
  ['debootstrap', 'debootstrap'],
]

const SYSTEM_DIRECTORIES = ['/usr/local/sbin', '/usr/local/bin', '/usr/sbin', '/usr/bin', '/sbin', '/bin']

export function installed(program: string): boolean {
  if (program.startsWith('/')) return existsSync(program)
  return [...(process.env.PATH ?? '').split(delimiter), ...SYSTEM_DIRECTORIES].some((directory) => existsSync(join(directory, program)))
}

/** Asked by Debian's maintainer scripts before they start a daemon; 101 forbids it. */
const START_POLICY = '/usr/sbin/policy-rc.d'

/** Installs with apt what is missing. Daemons that a package would start are kept from starting. Gives what it installed. */
export async function install(frr: boolean, podman: boolean): Promise<string[]> {
  const wanted = [...NEEDED, ...(frr ? FRR : []), ...(podman ? PODMAN : [])]
  const missing = [...new Set(wanted.filter(([program]) => !installed(program)).map(([, debianPackage]) => debianPackage))]
  if (missing.length === 0) return []
  if (!installed('apt-get')) throw new Unmet(`missing: ${missing.join(' ')}`, 'There is no apt-get here: install them by hand.')
  const ownPolicy = !existsSync(START_POLICY)
  if (ownPolicy) writeFileSync(START_POLICY, '#!/bin/sh\nexit 101\n', { mode: 0o755 })
  try {
    const apt = ['env', 'DEBIAN_FRONTEND=noninteractive', 'apt-get', '-q', '-y']
    await must([...apt, 'update'], { timeoutSeconds: 300 })
    await must([...apt, 'install', '--no-install-recommends', ...missing], { timeoutSeconds: 900 })
  } finally {
    if (ownPolicy) rmSync(START_POLICY, { force: true })
  }
  return missing
}
