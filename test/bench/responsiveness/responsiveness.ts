/** How quick fednva stays while a million routes come in, go out to somebody who comes late, and are judged by other policies. */
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { createClient } from '../../../src/api/client.ts'
import { type Column, formatTable } from '../../../src/cli/table.ts'
import { API_SOCKET, fednva } from '../duts/fednva.ts'
import { ASN, start } from '../duts/running.ts'
import { build } from '../load/build.ts'
import { loadArguments, runLoad, whatIsWrong } from '../load/evpnload.ts'
import { formatMachine } from '../machine.ts'
import { newResults, readOrNew, writeResults } from '../results.ts'
import { MOST, type Quickness, type ResponsivenessResult, slow, WHILE } from './result.ts'
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

const CLIENTS = '  clients: { role: nve }\n'
/** Another LOCAL_PREF for a tenth of all VNs: every route is asked, every tenth is told anew. */
const WITH_POLICY = `  clients: { role: nve, import: prefer }
policies:
  prefer:
    - { name: tenth, match: { vni: "10000-10019" }, set: { localPref: 200 }, then: accept }
    - { name: rest, then: accept }
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
    const names = ['load', 'dump', 'diff', 'reload'] as const
    const policy = otherPolicy(place.folder)
    const load = { senders: SENDERS, receivers: 4, late: LATE, routes: Math.floor(routes / SENDERS), vnis: 200, timeout: 240 }
    const words = loadArguments({ port: place.port, as: ASN, pid, settle: 3000, quiet: QUIET_MS, ...load }, [
      'initial',
      'latejoin',
      'idle',
      'idle',
    ])
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
        if (name === 'dump') policy.diff()
        if (name === 'diff') policy.reload()
      }
    })
    if (!result.ok) return whatIsWrong(result)
    const wrong = await policy.wrong(load.routes * SENDERS)
    if (wrong !== null) return wrong
    if (witness.trouble.length > 0) return witness.trouble.slice(0, 3).join('; ')
    return { routes: load.routes * SENDERS, phases }
  } finally {
    witness.close()
    await running.stop()
  }
}

/** Asks what another policy would do, and has it done; both take their time. */
function otherPolicy(folder: string) {
  const client = createClient(join(folder, API_SOCKET))
  const [path, candidate] = [join(folder, 'nva.yaml'), join(folder, 'candidate.yaml')]
  const text = readFileSync(path, 'utf8').replace(CLIENTS, WITH_POLICY)
  writeFileSync(candidate, text)
  let asked: ReturnType<typeof client.policyDiff> | null = null
  let applied: ReturnType<typeof client.reload> | null = null
  return {
    diff: () => {
      asked = client.policyDiff(candidate, 0)
    },
    reload: () => {
      writeFileSync(path, text)
      applied = client.reload()
    },
    wrong: async (routes: number): Promise<string | null> => {
      const diff = await asked
      if (!diff?.ok) return `policy diff was not answered: ${diff?.why ?? 'it was not asked'}`
      if (diff.value.looked !== routes)
        return `policy diff has looked at ${diff.value.looked} of ${routes} routes: ${diff.value.problems.join('; ')}`
      const reload = await applied
      if (!reload?.ok) return `the reload was not answered: ${reload?.why ?? 'it was not asked'}`
      return reload.value.applied ? null : `the reload was refused: ${reload.value.problems.join('; ')}`
    },
  }
}

function formatQuickness({ phases }: ResponsivenessResult): string {
  const ms = (value: number) => `${value.toFixed(1)} ms`
  const held = (value: number, most: number) => ms(value) + (value > most ? ' !' : '')
  const columns: Column<Quickness>[] = [
    { head: 'While', cell: ({ phase }) => WHILE[phase] },
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
