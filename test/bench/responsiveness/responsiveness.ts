/** How quick fednva stays while a million routes come in, and while they go out to somebody who comes late. */
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { type Column, formatTable } from '../../../src/cli/table.ts'
import { API_SOCKET, fednva } from '../duts/fednva.ts'
import { ASN, start } from '../duts/running.ts'
import { build } from '../load/build.ts'
import { loadArguments, runLoad, whatIsWrong } from '../load/evpnload.ts'
import { formatMachine } from '../machine.ts'
import { newResults, readOrNew, writeResults } from '../results.ts'
import { MOST, type Quickness, type ResponsivenessResult, slow } from './result.ts'
import { Witness } from './witness.ts'

export interface ResponsivenessOptions {
  readonly routes: number
  readonly check?: boolean
  readonly json?: boolean
  readonly out?: string
}

const ROOT = new URL('../../../', import.meta.url).pathname
const SENDERS = 20
const LATE = 4
/** KEEPALIVEs every 3 s at most. */
const HOLD_SECONDS = 9
/** Sessions that are only listened to: NVAs of another domain, with which nothing is shared. */
const LISTENERS = 40
const OTHER_AS = 65099
const IDLE_MS = 6000
/** Of silence after a phase, so that what fednva tells of its last second is of the next one alone. */
const QUIET_MS = 2500

const listener = (index: number) => `127.96.0.${index + 1}`

const other = `federation:
  domains:
    silent:
      asn: ${OTHER_AS}
      peers: [${Array.from({ length: LISTENERS }, (_, index) => listener(index)).join(', ')}]
      passive: true
      holdTime: ${HOLD_SECONDS}
      share: {}
`

/** 0: measured; 1: something went wrong, or with `check` it is slower than it may be; 2: it could not be measured. */
export async function responsiveness(options: ResponsivenessOptions): Promise<number> {
  const say = (line: string) => process.stderr.write(`${line}\n`)
  const evpnload = build('evpnload')
  if (evpnload === null) {
    say('There is no C compiler (apt-get install gcc libc6-dev, or CC=/path/of/one): the load generator cannot be made.')
    return 2
  }
  const now = newResults()
  say(`${formatMachine(now.machine)}: ${options.routes} routes from ${SENDERS} senders, then ${LATE} that come late`)
  const measured = await measure(evpnload, options.routes)
  if (typeof measured === 'string') {
    say(`WRONG RESULT of fednva: ${measured}`)
    return 1
  }
  if (options.out !== undefined) writeResults(options.out, { ...readOrNew(options.out), machine: now.machine, responsiveness: measured })
  console.log(options.json ? JSON.stringify(measured, null, 1) : formatQuickness(measured))
  const behind = slow(measured)
  for (const what of behind) say(`target missed: ${what}`)
  return options.check && behind.length > 0 ? 1 : 0
}

async function measure(evpnload: string, routes: number): Promise<ResponsivenessResult | string> {
  const running = await start(fednva('fednva', ROOT, other))
  if (typeof running === 'string') return running
  const { place, pid } = running
  const to = { address: place.address, port: place.port }
  const listeners = Array.from({ length: LISTENERS }, (_, index) => ({ address: listener(index), asn: OTHER_AS, to }))
  const witness = new Witness(join(place.folder, API_SOCKET), listeners, HOLD_SECONDS)
  try {
    for (const deadline = performance.now() + 10_000; !witness.allUp; await pause(20))
      if (performance.now() > deadline) return `the listeners are not up within 10 s. ${witness.trouble.join('; ')}`
    await pause(QUIET_MS)
    witness.begin()
    await pause(IDLE_MS)
    const phases: Quickness[] = [witness.end('idle')]
    const names = ['load', 'dump'] as const
    const load = { senders: SENDERS, receivers: 4, late: LATE, routes: Math.floor(routes / SENDERS), vnis: 200, timeout: 240 }
    const words = loadArguments({ port: place.port, as: ASN, pid, settle: 3000, quiet: QUIET_MS, ...load }, ['initial', 'latejoin'])
    let begun = false
    const result = await runLoad(evpnload, words, (printed) => {
      if (!begun && printed.includes('"phases":[')) {
        begun = true
        witness.begin()
      }
      const done = printed.split('"phase":').length - 1
      for (let name = names[phases.length - 1]; name !== undefined && phases.length <= done; name = names[phases.length - 1]) {
        phases.push(witness.end(name))
        witness.begin()
      }
    })
    if (!result.ok) return whatIsWrong(result)
    if (witness.trouble.length > 0) return witness.trouble.slice(0, 3).join('; ')
    return { routes: load.routes * SENDERS, phases }
  } finally {
    witness.close()
    await running.stop()
  }
}

export function formatQuickness({ phases }: ResponsivenessResult): string {
  const ms = (value: number) => `${value.toFixed(1)} ms`
  const held = (value: number, most: number) => ms(value) + (value > most ? ' !' : '')
  const columns: Column<Quickness>[] = [
    { head: 'While', cell: ({ phase }) => ({ idle: 'nothing happens', load: 'the routes come in', dump: 'they go out again' })[phase] },
    { head: 'For', right: true, cell: ({ seconds }) => `${seconds.toFixed(1)} s` },
    { head: 'Longest block', right: true, cell: ({ longestBlock }) => held(longestBlock, MOST.longestBlock) },
    { head: 'Latest KEEPALIVE', right: true, cell: ({ latestKeepalive }) => held(latestKeepalive, MOST.latestKeepalive) },
    { head: 'of', right: true, cell: ({ keepalives }) => keepalives },
    { head: 'API p50', right: true, cell: ({ answerP50 }) => ms(answerP50) },
    { head: 'p99', right: true, cell: ({ answerP99 }) => held(answerP99, MOST.answerP99) },
    { head: 'most', right: true, cell: ({ answerMost }) => ms(answerMost) },
    { head: 'of', right: true, cell: ({ answers }) => answers },
    { head: 'Own wait', right: true, cell: ({ ownWait }) => ms(ownWait) },
  ]
  return formatTable(columns, phases)
}
