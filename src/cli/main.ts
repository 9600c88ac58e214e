/** The command `fednva`. It speaks to people and to the shell; what it does lies behind the API client, `config/` and the daemon's programs. */
import { readFileSync } from 'node:fs'
import { Argument, Command, CommanderError, Option } from 'commander'
import type { AskOptions } from './ask.ts'
import { checkOne, printSchema } from './check.ts'
import { addDecode } from './decode/decode-command.ts'
import { OK, USAGE } from './exit.ts'
import { wholeNumber } from './number.ts'
import { addPolicy } from './policy/policy-command.ts'
import { runDemo, runEdge, runNva } from './programs.ts'
import { addShow } from './show/show-command.ts'
import { endQuietlyWhenUnread } from './terminal.ts'

const LOG_LEVELS = ['trace', 'debug', 'info', 'warn', 'error', 'silent']

/** Runs one command line (without node and script). Gives the exit code: 0 good, 1 a problem, 2 a wrong command line. */
export async function main(args: readonly string[]): Promise<number> {
  endQuietlyWhenUnread()
  let exitCode = OK
  const program = createProgram((code) => {
    exitCode = code
  })
  try {
    await program.parseAsync(args, { from: 'user' })
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error
    return error.exitCode === 0 ? OK : USAGE
  }
  return exitCode
}

/** The commands as they are typed; `done` is told the exit code. */
export function createProgram(done: (exitCode: number) => void): Command {
  const program = new Command('fednva')
    .description('A federated NVA (RFC 8014): BGP EVPN route reflector and federation of network virtualization domains')
    .version(version())
    .exitOverride()
    .showHelpAfterError('(--help shows what there is)')
  const logLevel = (): Option => new Option('--log-level <level>', 'stronger than the one of the file').choices(LOG_LEVELS)

  program
    .command('run')
    .description('run an NVA until SIGTERM or SIGINT')
    .requiredOption('--config <file>', 'its configuration')
    .addOption(logLevel())
    .action(async ({ config, logLevel }: { config: string; logLevel?: string }) => done(await runNva(config, { logLevel })))
  program
    .command('check')
    .description('say all that is wrong with a configuration file of an NVA or an edge')
    .argument('[file]', 'the file; not needed for --schema')
    .addOption(new Option('--schema [kind]', 'print the JSON Schema instead').choices(['nva', 'nve']).preset('nva'))
    .option('--json', 'problems and warnings with line, column, field, found and expected, for programs')
    .action(async (file: string | undefined, { schema, json }: { schema?: 'nva' | 'nve'; json?: boolean }, command: Command) => {
      if (schema !== undefined) return done(await printSchema(schema))
      if (file === undefined) return command.error("error: missing argument 'file'", { exitCode: USAGE })
      done(await checkOne(file, json))
    })
  program
    .command('reload')
    .description('have a running NVA read its configuration file again: all of it is applied, or nothing')
    .option('--json', 'the answer of the API, for programs')
    .option('--socket <path>', 'the API socket to ask')
    .option('--config <file>', 'the configuration file that names the socket; the one that is read is that of the running NVA')
    .action(async (options: AskOptions) => {
      const { reload } = await import('./reload.ts')
      done(await reload(options))
    })
  program
    .command('gateway')
    .description('say of a data gateway that it is up or down, stronger than its BGP session; auto: the session counts again')
    .argument('<address>', 'its VTEP, as in the configuration')
    .addArgument(new Argument('<state>').choices(['up', 'down', 'auto']))
    .option('--json', 'the answer of the API, for programs')
    .option('--socket <path>', 'the API socket to ask')
    .option('--config <file>', 'the configuration file that names the socket')
    .action(async (address: string, state: 'up' | 'down' | 'auto', options: AskOptions) => {
      const { sayGateway } = await import('./gateway.ts')
      done(await sayGateway(address, state, options))
    })
  program
    .command('reset')
    .description('end the session of a peer with Cease, Administrative Reset; it begins anew')
    .argument('<peer>', 'name or address')
    .option('--soft', 'the session stands: it is told all again, and asked for all that it has (route refresh)')
    .option('--json', 'the answer of the API, for programs')
    .option('--socket <path>', 'the API socket to ask')
    .option('--config <file>', 'the configuration file that names the socket')
    .action(async (peer: string, { soft, ...options }: AskOptions & { soft?: boolean }) => {
      const { resetPeer } = await import('./reset.ts')
      done(await resetPeer(peer, soft === true, options))
    })
  program
    .command('thaw')
    .description('let a MAC move again that moved between domains too often (show frozen)')
    .argument('<vn>', 'name of the VN')
    .argument('<mac>', 'the MAC address')
    .option('--json', 'the answer of the API, for programs')
    .option('--socket <path>', 'the API socket to ask')
    .option('--config <file>', 'the configuration file that names the socket')
    .action(async (vn: string, mac: string, options: AskOptions) => {
      const { thaw } = await import('./thaw.ts')
      done(await thaw(vn, mac, options))
    })
  addShow(program, done)
  addPolicy(program, done)
  addDecode(program, done)
  program
    .command('nve')
    .description('run an edge without a data plane until SIGTERM or SIGINT; or, with a command, tell the one that runs with this file')
    .argument('[command...]', 'attach VN MAC [IP], detach VN MAC, table [VN], tenants, peers, help, quit')
    .requiredOption('--config <file>', 'its configuration')
    .option('--json', 'answer to a command for programs')
    .addOption(logLevel())
    .action(async (words: string[], { config, logLevel, json }: { config: string; logLevel?: string; json?: boolean }) =>
      done(words.length > 0 ? await tell(config, words, json === true) : await runEdge(config, { logLevel })),
    )
  program
    .command('demo')
    .description('two federated domains on this machine, live')
    .option('--once', 'end with a verdict instead of staying up')
    .option('--port <port>', 'TCP port of its NVAs instead of 17900', wholeNumber(1, 65535))
    .action(async ({ once, port }: { once?: boolean; port?: number }) => done(await runDemo({ once: once === true, port })))
  return program
}

async function tell(config: string, words: readonly string[], json: boolean): Promise<number> {
  const { tellEdge } = await import('./edge-command.ts')
  return await tellEdge(config, words, json)
}

function version(): string {
  const manifest: { version: string } = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8'))
  return manifest.version
}
