/**
 * A campaign from the command line: `npm run fuzz -- --messages 10000000 --seed 1 [--guided N] [--processes P] [--minutes M] [--out DIR]`. Exits with 1 when
 * it has found something.
 *
 * First the inputs that coverage guides; then the corpus stays, and fresh processes, whose code V8 does not count, share the rest among them.
 */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { hex } from '../../src/bytes/octets.ts'
import type { Campaign } from './campaign.ts'
import { Coverage } from './coverage.ts'

const REPORT_MS = 30_000
/** Inputs between two looks at the heap, and how much it may grow over its first look. */
const HEAP_EVERY = 200_000
const HEAP_SLACK = 48 * 1024 * 1024
/** Limits are stretched by this while coverage is counted. */
const COVERAGE_STRETCH = 5

const { values } = parseArgs({
  options: {
    messages: { type: 'string', default: '1000000' },
    seed: { type: 'string', default: '1' },
    guided: { type: 'string', default: '300000' },
    processes: { type: 'string', default: '1' },
    minutes: { type: 'string', default: '0' },
    out: { type: 'string', default: join(tmpdir(), 'fednva-fuzz') },
    /** For the processes that go on without guidance: the corpus to go on with, and the first input. */
    corpus: { type: 'string' },
    from: { type: 'string', default: '0' },
  },
})
const seed = Number(values.seed)
const first = Number(values.from)
const messages = Number(values.messages)
const guided = values.corpus === undefined
const last = guided ? Math.min(Number(values.guided), messages) : messages
const deadline = Number(values.minutes) > 0 ? Date.now() + Number(values.minutes) * 60_000 : Number.POSITIVE_INFINITY
const file = join(values.out, guided ? `seed-${seed}.json` : `seed-${seed}-from-${first}.json`)
const started = Date.now()

mkdirSync(values.out, { recursive: true })
const coverage = guided ? new Coverage() : null
// Imported only now: V8 counts blocks of what it compiles from here on.
const campaigns = await import('./campaign.ts')
const { seedMessages } = await import('./seeds.ts')
const grown = values.corpus === undefined ? [] : (JSON.parse(readFileSync(values.corpus, 'utf8')).corpus as string[])
const seeds = [...seedMessages(), ...grown.map((text) => new Uint8Array(Buffer.from(text, 'hex')))]
const campaign: Campaign = new campaigns.Campaign({ seed, from: first, messages: last, seeds, coverage })
if (coverage !== null) campaign.watch.stretch = COVERAGE_STRETCH

const heaps = run()
tell(heaps)
save()
let found = campaign.findings.size > 0 || heaps.last - heaps.first > HEAP_SLACK
if (guided && campaign.over && last < messages) found = (await goOn()) || found
process.exitCode = found ? 1 : 0

/** All batches, with a line now and then. Returns the heap of the first look and of the last. */
function run(): { readonly first: number; readonly last: number } {
  const heaps = { first: 0, last: 0 }
  let told = Date.now()
  let looked = first
  let reported = 0
  while (!campaign.over && Date.now() < deadline) {
    campaign.batch()
    if (campaign.done - looked >= HEAP_EVERY) {
      looked = campaign.done
      heaps.last = heap()
      heaps.first ||= heaps.last
    }
    for (const { index, inputs, what } of [...campaign.findings.values()].slice(reported)) {
      console.log(`FOUND at ${index}, ${inputs.length} inputs: ${what.slice(0, 600)}\n  ${shortHex(inputs.at(-1)!)}`)
      reported++
    }
    if (Date.now() - told > REPORT_MS) {
      told = Date.now()
      console.log(line())
    }
  }
  return heaps
}

function tell(heaps: { readonly first: number; readonly last: number }): void {
  console.log(line())
  for (const { room, reached, all } of coverage?.rooms() ?? []) {
    console.log(`  src/${room}: ${((100 * reached) / all).toFixed(1)} % of ${all} characters of functions reached`)
  }
  const { endings, learned, withdrawn, heard } = campaign.tally
  const sorted = [...endings].sort((a, b) => b[1] - a[1]).map(([how, times]) => `${how} ${times}`)
  console.log(`  routes learned ${learned}, withdrawn ${withdrawn}; UPDATEs heard ${heard}`)
  console.log(`  sessions ended: ${sorted.join(', ')}`)
  console.log(`  longest: ${[...campaign.watch.longest].map(([name, ms]) => `${name} ${ms.toFixed(1)} ms`).join(', ')}`)
  console.log(`  heap ${megabytes(heaps.first)} at first, ${megabytes(heaps.last)} at last; findings and corpus: ${file}`)
  if (heaps.last - heaps.first > HEAP_SLACK) console.log('FOUND: the heap has grown')
}

function save(): void {
  const findings = [...campaign.findings.values()].map((one) => ({ ...one, inputs: one.inputs.map((octets) => hex(octets)) }))
  const corpus = campaign.corpus.slice(seeds.length - grown.length).map((octets) => hex(octets))
  writeFileSync(file, `${JSON.stringify({ seed, from: first, to: campaign.done, findings, corpus }, null, 1)}\n`)
}

/** The rest in processes of their own. Returns whether one has found something. */
async function goOn(): Promise<boolean> {
  const processes = Math.max(Number(values.processes), 1)
  const share = Math.ceil((messages - last) / processes)
  const minutes = deadline === Number.POSITIVE_INFINITY ? 0 : (deadline - Date.now()) / 60_000
  const codes = Array.from({ length: processes }, async (_, i) => {
    const from = last + i * share
    const to = Math.min(from + share, messages)
    const own = { seed, from, messages: to, corpus: file, out: values.out, minutes }
    const options = Object.entries(own).flatMap(([name, value]) => [`--${name}`, `${value}`])
    const child = spawn(process.execPath, [...process.execArgv, import.meta.filename, ...options], { stdio: 'inherit' })
    const [code] = await once(child, 'exit')
    return code !== 0
  })
  const any = (await Promise.all(codes)).includes(true)
  console.log(
    `${messages} messages in ${((Date.now() - started) / 1000).toFixed(0)} s, seed ${seed}: ${any ? 'FOUND something' : 'nothing found'}`,
  )
  return any
}

function line(): string {
  const took = (Date.now() - started) / 1000
  const { done, corpus } = campaign
  const rate = Math.round((done - first) / took)
  return `${first} to ${done} in ${took.toFixed(0)} s (${rate}/s), seed ${seed}, corpus ${corpus.length}, findings ${campaign.findings.size}`
}

function heap(): number {
  globalThis.gc?.()
  return process.memoryUsage().heapUsed
}

function megabytes(octets: number): string {
  return `${(octets / 1024 / 1024).toFixed(1)} MiB`
}

function shortHex(octets: Uint8Array): string {
  return octets.length <= 400 ? hex(octets) : `${hex(octets, 0, 400)}... (${octets.length} octets)`
}
