import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Dut, Place } from './dut.ts'

/** The API socket, in the folder of the run. */
export const API_SOCKET = 'api.sock'

/** fednva as it stands in the working tree `root`, with the Node that runs this. `more`: configuration beside the usual, whole keys. */
export function fednva(name: string, root: string, more = ''): Dut {
  const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { version: string }
  return {
    name,
    title: `fednva ${version} on Node ${process.versions.node}`,
    command: (place) => ({
      files: { 'nva.yaml': configuration(place) + more },
      program: process.execPath,
      words: [join(root, 'src/cli/fednva.js'), 'run', '--config', join(place.folder, 'nva.yaml')],
    }),
  }
}

function configuration({ asn, address, port }: Place): string {
  return `nva:
  name: bench
  domain: bench
  asn: ${asn}
  routerId: 10.255.255.254
  listen: ["${address}:${port}"]
  api: { socket: ${API_SOCKET} }
  log: { level: warn }
peerGroups:
  clients: { role: nve }
listenRanges:
  - { prefix: 127.0.0.0/8, group: clients, limit: 5000 }
`
}
