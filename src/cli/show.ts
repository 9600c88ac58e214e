/** `fednva show ...`: asks a running fednva and prints tables for people or, with `--json`, the API's own answer for programs. */
import type { Command } from 'commander'
import { type Answer, type ApiClient, createClient, type RouteFilter, routePages } from '../api/client.ts'
import { formatErrors } from './error-text.ts'
import { FAILED, OK } from './exit.ts'
import { wholeNumber } from './number.ts'
import { chooseSocket, type SocketOptions } from './socket-choice.ts'
import { type Column, formatTable } from './table.ts'
import { complain, say, written } from './terminal.ts'
import { formatFederation, formatStatus, NVES, PEERS, ROUTES, VNS } from './views.ts'

interface ShowOptions extends SocketOptions {
  readonly json?: boolean
}

type Done = (exitCode: number) => void

/** Adds the command and what can be shown. `done` is told the exit code. */
export function addShow(program: Command, done: Done): void {
  const show = program.command('show').description('show what a running fednva knows')
  const of = (name: string, description: string): Command =>
    show
      .command(name)
      .description(description)
      .option('--json', 'the answer of the API, for programs')
      .option('--socket <path>', 'the API socket to ask')
      .option('--config <file>', 'the configuration file that names the socket')

  of('peers', 'BGP sessions').action(async (options: ShowOptions) => {
    done(
      await answer(
        options,
        (client) => client.peers(),
        ({ peers }) => rows(PEERS, peers, 'no peers'),
      ),
    )
  })
  of('vns', 'virtual networks').action(async (options: ShowOptions) => {
    done(
      await answer(
        options,
        (client) => client.vns(),
        ({ vns }) => rows(VNS, vns, 'no VNs: a plain reflector'),
      ),
    )
  })
  of('nves', 'network virtualization edges').action(async (options: ShowOptions) => {
    done(
      await answer(
        options,
        (client) => client.nves(),
        ({ nves }) => rows(NVES, nves, 'no NVEs'),
      ),
    )
  })
  of('federation', 'other domains and what crosses to and from them').action(async (options: ShowOptions) => {
    done(await answer(options, (client) => client.federation(), formatFederation))
  })
  of('errors', 'messages in which something was wrong, with a dissection')
    .option('--peer <name>', 'from this peer')
    .action(async ({ peer, ...options }: ShowOptions & { peer?: string }) => {
      done(
        await answer(
          options,
          (client) => client.errors(),
          (all) => formatErrors(all, peer),
        ),
      )
    })
  of('status', 'the NVA itself').action(async (options: ShowOptions) => {
    done(await answer(options, (client) => client.status(), formatStatus))
  })
  of('routes', 'routes, chosen ones marked *>')
    .option('--type <type>', 'number or name: ead, macip, imet, es, prefix')
    .option('--vn <name>', 'of this VN')
    .option('--rd <rd>', 'of this route distinguisher')
    .option('--mac <address>', 'of this MAC address')
    .option('--ip <address>', 'of this IP address, or of prefixes that hold it; or of this prefix')
    .option('--peer <name>', 'from this peer')
    .option('--best', 'chosen ones only')
    .option('--limit <count>', 'at most so many', wholeNumber(1, Number.MAX_SAFE_INTEGER))
    .action(async ({ json, socket, config, limit, ...filter }: ShowOptions & RouteFilter & { limit?: number }) => {
      done(await showRoutes({ json: json === true, socket, config }, filter, limit))
    })
}

async function answer<T>(
  options: ShowOptions,
  ask: (client: ApiClient) => Promise<Answer<T>>,
  format: (value: T) => string,
): Promise<number> {
  const chosen = await chooseSocket(options)
  if (!chosen.ok) return failed(...chosen.why)
  const got = await ask(createClient(chosen.socket))
  if (!got.ok) return failed(got.why)
  say(options.json ? JSON.stringify(got.value, null, 2) : format(got.value))
  return OK
}

/** Page by page, so that a million routes need no more memory than a thousand. With `--json` the pages are joined to one answer. */
async function showRoutes(options: SocketOptions & { json: boolean }, filter: RouteFilter, limit: number | undefined): Promise<number> {
  const chosen = await chooseSocket(options)
  if (!chosen.ok) return failed(...chosen.why)
  let shown = 0
  let next: string | null | undefined
  for await (const page of routePages(createClient(chosen.socket), filter, limit)) {
    if (!page.ok) return failed(page.why)
    const { routes } = page.value
    if (options.json && next === undefined) say('{"routes":[')
    next = page.value.next
    if (options.json) for (const [i, row] of routes.entries()) say(`${shown + i === 0 ? '' : ','}${JSON.stringify(row)}`)
    else if (routes.length > 0) say(formatTable(ROUTES, routes, shown > 0))
    shown += routes.length
    await written()
  }
  if (options.json) say(`],"next":${JSON.stringify(next ?? null)}}`)
  else say(shown === 0 ? 'no such routes' : `${shown} ${shown === 1 ? 'route' : 'routes'}${next === null ? '' : ', ended by --limit'}`)
  return OK
}

function rows<Row>(columns: readonly Column<Row>[], all: readonly Row[], none: string): string {
  return all.length === 0 ? none : formatTable(columns, all)
}

function failed(...why: readonly string[]): number {
  for (const line of why) complain(line)
  return FAILED
}
