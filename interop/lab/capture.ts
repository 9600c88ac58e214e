import { chmodSync } from 'node:fs'
import { join } from 'node:path'
import { must, start, stop } from './command.ts'
import { inside } from './namespaces.ts'
import { BGP_PORT } from './plan.ts'
import { until } from './until.ts'
import type { Workplace } from './workplace.ts'

export interface Capture {
  readonly file: string
  finish(): Promise<void>
}

/** Records all BGP packets that enter or leave a namespace. */
export async function capture(namespace: string, name: string, workplace: Workplace, device = 'any'): Promise<Capture> {
  const file = join(workplace.directory('captures'), `${name}.pcap`)
  const argv = ['tcpdump', '-i', device, '-n', '-U', '-Z', 'root', '-B', '8192', '-w', file, `tcp port ${BGP_PORT}`]
  const daemon = start(inside(namespace, ...argv))
  await until(`tcpdump in ${namespace}`, 10, () => (daemon.output().includes('listening on') ? true : undefined))
  chmodSync(file, 0o644)
  return {
    file,
    async finish() {
      await stop(daemon)
    },
  }
}

/** Runs tshark over a capture; gives the fields of the packets that the display filter takes, a row per packet. */
export async function dissect(file: string, filter: string, fields: readonly string[]): Promise<string[][]> {
  const argv = ['tshark', '-n', '-r', file, '-Y', filter, '-T', 'fields', ...fields.flatMap((field) => ['-e', field])]
  const text = await must(argv, { timeoutSeconds: 120 })
  return text
    .split('\n')
    .filter(Boolean)
    .map((line) => line.split('\t'))
}

/** The full text of one packet. */
export const explain = (file: string, frame: string): Promise<string> =>
  must(['tshark', '-n', '-r', file, '-V', '-O', 'bgp', '-Y', `frame.number == ${frame}`], { timeoutSeconds: 60 })
