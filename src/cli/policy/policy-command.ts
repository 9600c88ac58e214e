/** The command line of `fednva policy`; what does the work is loaded when asked for. */
import { type Command, Option } from 'commander'
import type { ExplainFilter } from '../../api/client.ts'
import type { AskOptions } from '../ask.ts'
import { wholeNumber } from '../number.ts'

/** Adds the command and what it can do. `done` is told the exit code. */
export function addPolicy(program: Command, done: (exitCode: number) => void): void {
  const policy = program.command('policy').description('what policies do with routes')
  policy
    .command('explain')
    .description('why routes of a peer are used or not, and why routes are sent to it or not: every term that was asked')
    .requiredOption('--peer <name>', 'the peer they come from, or go to')
    .addOption(new Option('--direction <direction>', 'one of both').choices(['import', 'export']))
    .option('--held-back', 'only those that policy accepts and that are not used or not told all the same: limits')
    .option('--type <type>', 'number or name: ead, macip, imet, es, prefix, smet')
    .option('--rd <rd>', 'of this route distinguisher')
    .option('--mac <address>', 'of this MAC address')
    .option('--ip <address>', 'of this IP address, or of prefixes that hold it; or of this prefix')
    .option('--limit <count>', 'at most so many', wholeNumber(1, Number.MAX_SAFE_INTEGER))
    .option('--json', 'the answer of the API, for programs')
    .option('--socket <path>', 'the API socket to ask')
    .option('--config <file>', 'the configuration file that names the socket')
    .action(async ({ json, socket, config, limit, ...filter }: AskOptions & ExplainFilter & { limit?: number }) => {
      const { explain } = await import('./policy-explain.ts')
      done(await explain({ json, socket, config }, filter, limit))
    })
  policy
    .command('diff')
    .description(
      'which routes would start or stop to cross, or change, if a running fednva were reloaded with another file; nothing is applied',
    )
    .requiredOption('--candidate <file>', 'the configuration as it would be')
    .option('--limit <count>', 'list at most so many routes', wholeNumber(0, 10_000))
    .option('--json', 'the answer of the API, for programs')
    .option('--socket <path>', 'the API socket to ask')
    .option('--config <file>', 'the configuration file that names the socket')
    .action(async ({ candidate, limit, ...options }: AskOptions & { candidate: string; limit?: number }) => {
      const { policyDiff } = await import('./policy-diff.ts')
      done(await policyDiff(options, candidate, limit))
    })
  policy
    .command('test')
    .description('try policies with cases, without a running fednva: routes, whom they come from and go to, and what is to become of them')
    .argument('<file...>', 'files of cases; each names its configuration')
    .option('--json', 'what came of every case, for programs')
    .action(async (files: string[], { json }: { json?: boolean }) => {
      const { policyTest } = await import('./policy-test.ts')
      done(await policyTest(files, { json }))
    })
}
