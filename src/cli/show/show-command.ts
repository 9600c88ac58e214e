/** The command line of `fednva show`; what does the work is loaded when asked for. */
import type { Command } from 'commander'
import type { RouteFilter } from '../../api/client.ts'
import type { AskOptions } from '../ask.ts'
import { wholeNumber } from '../number.ts'
import type { RouteOptions, Shown } from './show.ts'

/** Adds the command and what can be shown. `done` is told the exit code. */
export function addShow(program: Command, done: (exitCode: number) => void): void {
  const show = program.command('show').description('show what a running fednva knows')
  const of = (name: string, description: string): Command =>
    show
      .command(name)
      .description(description)
      .option('--json', 'the answer of the API, for programs')
      .option('--socket <path>', 'the API socket to ask')
      .option('--config <file>', 'the configuration file that names the socket')
  const view = (name: Shown, description: string): Command =>
    of(name, description).action(async ({ peer, ...options }: AskOptions & { peer?: string }) => {
      const { SHOW } = await import('./show.ts')
      done(await SHOW[name](options, peer))
    })

  view('peers', 'BGP sessions')
  view('vns', 'virtual networks')
  view('nves', 'network virtualization edges')
  view('federation', 'other domains and what crosses to and from them')
  view('gateways', 'data gateways between domains, and where each has to flood')
  view('frozen', 'MACs that moved between domains too often')
  view('policies', 'policies: where they are attached, and how often each term has matched')
  view('modules', 'policy modules of your own: how often they were asked, and how often they failed')
  view('errors', 'messages in which something was wrong, with a dissection').option('--peer <name>', 'from this peer')
  view('status', 'the NVA itself')
  view('metrics', 'all of it in numbers, in the text format of Prometheus')
  of('routes', 'routes, chosen ones marked *>')
    .option('--type <type>', 'number or name: ead, macip, imet, es, prefix, smet')
    .option('--vn <name>', 'of this VN; "-": of none')
    .option('--rd <rd>', 'of this route distinguisher')
    .option('--mac <address>', 'of this MAC address')
    .option('--ip <address>', 'of this IP address, or of prefixes that hold it; or of this prefix')
    .option('--peer <name>', 'from this peer')
    .option('--best', 'chosen ones only')
    .option('--limit <count>', 'at most so many', wholeNumber(1, Number.MAX_SAFE_INTEGER))
    .option('--detail', 'all that is known of each, in place of a table')
    .action(async ({ json, socket, config, limit, detail, ...filter }: AskOptions & RouteFilter & RouteOptions) => {
      const { showRoutes } = await import('./show.ts')
      done(await showRoutes({ json, socket, config }, filter, { limit, detail }))
    })
}
