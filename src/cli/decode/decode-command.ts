/** The command line of `fednva decode`; what does the work is loaded when asked for. */
import { type Command, InvalidArgumentError, Option } from 'commander'
import type { AddressFamily } from '../../wire/negotiated.ts'
import type { DecodeOptions } from './decode.ts'

/** Adds the command. `done` is told the exit code. */
export function addDecode(program: Command, done: (exitCode: number) => void): void {
  const forms = ['hex', 'pcap', 'stream', 'jsonl']
  const form = (name: string, description: string): Option =>
    new Option(`--${name}`, description).conflicts(forms.filter((other) => other !== name))
  program
    .command('decode')
    .description('show BGP messages field by field: of a capture, of hex or of a stream')
    .argument('[file]', 'a pcap or pcapng file (also gzipped), hex text, or the octets of one BGP speaker; - or none: standard input', '-')
    .addOption(form('hex', 'the input is hex text'))
    .addOption(form('pcap', 'the input is a pcap or pcapng file'))
    .addOption(form('stream', 'the input is what one BGP speaker sends'))
    .addOption(form('jsonl', 'the input is a batch: {id, kind, hex, context} a line; so is the output: {id, verdict, decoded, encoded}'))
    .option('--json', 'a line of JSON for each message')
    .addOption(new Option('--summary', 'a line for each message, and its faults').conflicts('json'))
    .option('--port <port>', 'the TCP port of BGP, or "any"', port, 179)
    .addOption(new Option('--as2', 'AS numbers have 2 octets').conflicts('as4'))
    .option('--as4', 'AS numbers have 4 octets')
    .addOption(new Option('--ibgp', 'the session is internal').conflicts('ebgp'))
    .option('--ebgp', 'the session is external')
    .option('--addpath <families>', 'path identifiers stand before the NLRI of these, such as 25/70,1/1', families)
    .action(async (file: string, options: DecodeOptions) => {
      const { decodeFile } = await import('./decode.ts')
      done(await decodeFile(file, options))
    })
}

function port(text: string): number | null {
  if (text === 'any') return null
  const value = /^[0-9]+$/.test(text) ? Number(text) : 0
  if (value >= 1 && value <= 0xffff) return value
  throw new InvalidArgumentError('Expected a port from 1 to 65535, or any.')
}

function families(text: string): AddressFamily[] {
  return text.split(',').map((family) => {
    const [, afi, safi] = /^([0-9]{1,5})\/([0-9]{1,3})$/.exec(family.trim()) ?? []
    if (afi === undefined || safi === undefined) throw new InvalidArgumentError('Expected AFI/SAFI numbers such as 25/70,1/1.')
    return { afi: Number(afi), safi: Number(safi) }
  })
}
