/** `fednva demo`: two federated domains on this machine, over real TCP on loopback addresses. */
import { Page } from './page.ts'
import { DEMO_PORT, EDGES, filesOf, NVAS } from './plan.ts'
import { obstacles, Processes } from './processes.ts'
import { DemoRegion } from './region.ts'
import { tell, type Verdict } from './story.ts'

export interface DemoOptions {
  /** Ends with a verdict instead of staying up. */
  readonly once: boolean
  /** TCP port of both NVAs. */
  readonly port?: number | undefined
}

/** Tells the story; then stays up until Ctrl-C, or, with `once`, sums up and ends. Returns the exit code: 0 when every claim held. */
export async function demo({ once, port = DEMO_PORT }: DemoOptions): Promise<number> {
  const page = new Page()
  const inTheWay = await obstacles(port)
  if (inTheWay.length > 0) {
    for (const why of inTheWay) process.stderr.write(`demo: ${why}\n`)
    process.stderr.write(
      'demo: it needs 127.77.1.1 and 127.77.2.1 with this port for itself (--port takes another); is another demo running?\n',
    )
    return 1
  }
  const stop = new AbortController()
  const interrupt = (): void => stop.abort()
  const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const
  for (const signal of signals) process.on(signal, interrupt)
  const processes = new Processes(port)
  try {
    const verdicts = await tell(new DemoRegion(processes, stop.signal), page)
    sumUp(page, verdicts)
    if (verdicts.some(({ good }) => !good)) showLogs(page, processes)
    if (!once) await stayUp(page, processes, stop.signal)
    return verdicts.every(({ good }) => good) ? 0 : 1
  } catch (error) {
    if (!stop.signal.aborted) throw error
    page.line()
    page.line('interrupted')
    return 130
  } finally {
    await processes.end()
    for (const signal of signals) process.off(signal, interrupt)
  }
}

function sumUp(page: Page, verdicts: readonly Verdict[]): void {
  const failed = verdicts.filter(({ good }) => !good).length
  page.line()
  const text = `${verdicts.length - failed} of ${verdicts.length} claims hold`
  page.line(page.paint(failed === 0 ? 'good' : 'bad', text))
}

/** The last words of every process, for who looks for the fault: the logs go with the folder. */
function showLogs(page: Page, processes: Processes): void {
  for (const { name } of [...NVAS, ...EDGES]) {
    page.line()
    page.line(`The end of the log of ${name}:`)
    page.line(processes.logEnd(name))
  }
}

/** Shows what can be tried, and waits for Ctrl-C. */
async function stayUp(page: Page, processes: Processes, signal: AbortSignal): Promise<void> {
  const show = (what: string, name: string) => `   npx fednva show ${what} --socket ${processes.socketOf(name)}`
  const nve = (name: string, command: string) => `   npx fednva nve --config ${processes.path(filesOf(name).config)} ${command}`
  page.line()
  page.line('Everything stays up. Try in another terminal, in this folder:')
  page.line()
  for (const what of ['peers', 'routes', 'vns', 'nves', 'federation']) page.line(show(what, 'ams'))
  page.line(show('routes --vn vault', 'fra'))
  page.line(nve('a1', 'table'))
  page.line(nve('b1', 'attach web 02:00:00:00:01:03 10.1.0.3'))
  page.line(nve('a1', 'attach web 02:00:00:00:01:03 10.1.0.3') + page.paint('dim', '     # it moves to the other domain'))
  page.line()
  page.line(`Configuration files and logs: ${processes.folder}`)
  page.line('Ctrl-C ends it and removes everything.')
  await new Promise<void>((resolve) => {
    if (signal.aborted) resolve()
    signal.addEventListener('abort', () => resolve())
    // Something must keep the process alive: signal handlers do not.
    const alive = setInterval(() => {}, 3_600_000)
    signal.addEventListener('abort', () => clearInterval(alive))
  })
  page.line()
  page.line('ending')
}
