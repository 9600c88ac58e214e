/**
 * A campaign from the command line: `npm run fuzz -- --messages 10000000 --seed 1 [--guided N] [--minutes N] [--out DIR]`. Exits with 1 when it has found something.
 */
import { mkdirSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { hex } from '../../src/bytes/octets.ts'
import { Coverage } from './coverage.ts'

const { values } = parseArgs({
  options: {
    messages: { type: 'string', default: '1000000' },
    seed: { type: 'string', default: '1' },
    /** Inputs that coverage guides; after them the corpus stays and all goes several times as fast. */
    guided: { type: 'string', default: '1000000' },
    minutes: { type: 'string', default: '0' },
    out: { type: 'string', default: join(tmpdir(), 'fednva-fuzz') },
  },
})
const messages = Number(values.messages)
const seed = Number(values.seed)
const deadline = Number(values.minutes) > 0 ? Date.now() + Number(values.minutes) * 60_000 : Number.POSITIVE_INFINITY
const REPORT_MS = 30_000
/** Inputs between two looks at the heap, and how much it may grow over its first look. */
const HEAP_EVERY = 200_000
const HEAP_SLACK = 48 * 1024 * 1024

const started = Date.now()
const coverage = new Coverage()
// Imported only now: V8 counts blocks of what it compiles from here on.
const { Campaign } = await import('./campaign.ts')
const { seedMessages } = await import('./seeds.ts')

const campaign = new Campaign({ seed, messages, seeds: seedMessages(), coverage })
const seeds = campaign.corpus.length
const COVERAGE_STRETCH = 5
campaign.watch.stretch = COVERAGE_STRETCH
let told = Date.now()
let heapAt = 0
let firstHeap = 0
let lastHeap = 0
let reported = 0

while (!campaign.over && Date.now() < deadline) {
  campaign.batch()
  if (campaign.guided && campaign.done >= Number(values.guided)) {
    console.log(line())
    tellCoverage()
    coverage.stop()
    campaign.unguided()
    campaign.watch.stretch = 1
  }
  if (campaign.done - heapAt >= HEAP_EVERY) {
    heapAt = campaign.done
    lastHeap = heap()
    firstHeap ||= lastHeap
  }
  for (const found of [...campaign.findings.values()].slice(reported)) {
    console.log(`FOUND at ${found.index}, ${found.inputs.length} inputs: ${found.what.slice(0, 600)}\n  ${shortHex(found.inputs.at(-1)!)}`)
    reported++
  }
  if (Date.now() - told > REPORT_MS) {
    told = Date.now()
    console.log(line())
  }
}

const seconds = (Date.now() - started) / 1000
console.log(line())
if (campaign.guided) tellCoverage()
const { endings, learned, withdrawn, heard } = campaign.tally
console.log(`  routes learned ${learned}, withdrawn ${withdrawn}; UPDATEs heard by listeners ${heard}`)
console.log(
  `  sessions ended: ${[...endings]
    .sort((a, b) => b[1] - a[1])
    .map(([how, times]) => `${how} ${times}`)
    .join(', ')}`,
)
console.log(`  longest: ${[...campaign.watch.longest].map(([name, ms]) => `${name} ${ms.toFixed(1)} ms`).join(', ')}`)
const grown = lastHeap - firstHeap
console.log(`  heap ${megabytes(firstHeap)} at first, ${megabytes(lastHeap)} at last`)
mkdirSync(values.out, { recursive: true })
const file = join(values.out, `seed-${seed}.json`)
const findings = [...campaign.findings.values()].map((found) => ({ ...found, inputs: found.inputs.map((octets) => hex(octets)) }))
const corpus = campaign.corpus.slice(seeds).map((octets) => hex(octets))
writeFileSync(file, `${JSON.stringify({ seed, messages: campaign.done, seconds, findings, corpus }, null, 1)}\n`)
console.log(`  findings and corpus: ${file}`)
if (grown > HEAP_SLACK) console.log(`FOUND: the heap has grown by ${megabytes(grown)}`)
process.exitCode = findings.length > 0 || grown > HEAP_SLACK ? 1 : 0

function tellCoverage(): void {
  for (const { room, reached, all } of coverage.rooms()) {
    console.log(`  src/${room}: ${((100 * reached) / all).toFixed(1)} % of ${all} characters of functions reached`)
  }
}

function line(): string {
  const took = (Date.now() - started) / 1000
  const { done, corpus } = campaign
  return `${done} messages in ${took.toFixed(0)} s (${Math.round(done / took)}/s), seed ${seed}, corpus ${seeds} + ${corpus.length - seeds}, findings ${campaign.findings.size}`
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
