/**
 * What runs in the thread of a module: loads the file, then answers one request after the other and never goes back to the event loop. No timer, promise or
 * socket of a module therefore ever comes to anything once it is loaded.
 */
import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { flushCompileCache, registerHooks } from 'node:module'
import { extname } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { parentPort, workerData } from 'node:worker_threads'
import { CHANGES, recorder, type Wanted } from '../policy/own/changes.ts'
import { type Here, type ModuleDefinition, notAModule } from '../policy/own/definition.ts'
import { readQuestion } from '../policy/own/question.ts'
import { type RouteSeen, seen, seenOneByOne } from '../policy/own/route.ts'
import { Answer, Exchange, Request, TEXT_MOST, TURN, Turn } from './exchange.ts'
import { inWords } from './place.ts'
import type { LoadedFile, ThreadData } from './thread-data.ts'

/** Looks at the turn that often before it sleeps: what is asked next is often asked at once. */
const LOOKS = 100
/** Most lines that a module may say in a second. */
const SAID_MOST = 10

const { path, memory, budgetMs } = workerData as ThreadData
const exchange = new Exchange(memory)
const files: LoadedFile[] = []

watchConsole()
followImports()
await load()

async function load(): Promise<void> {
  // What ends the thread while somebody waits for an answer is an answer.
  process.on('exit', () => {
    if (Atomics.load(exchange.control, TURN) === Turn.thread) exchange.hand(Turn.daemon, Answer.ended, 0, 0)
  })
  let definition: ModuleDefinition<unknown>
  try {
    const { default: exported } = (await import(pathToFileURL(path).href)) as { readonly default?: unknown }
    const why = notAModule(exported)
    if (why !== null) return answerText(Answer.failed, JSON.stringify({ found: `${path}, which ${why.found}`, expected: why.expected }))
    definition = exported as ModuleDefinition<unknown>
  } catch (error) {
    const found = `${path}, which cannot be loaded: ${inWords(error, paths())}`
    return answerText(Answer.failed, JSON.stringify({ found, expected: 'a file that Node can import' }))
  }
  // The thread is ended, and does not end: it would never be written.
  flushCompileCache()
  const { looksAt, match, set } = definition
  answerText(Answer.content, JSON.stringify({ nature: { looksAt, match: match !== undefined, set: set !== undefined }, files }))
  serve(definition)
}

function serve(definition: ModuleDefinition<unknown>): never {
  const { control } = exchange
  const taken: unknown[] = []
  for (;;) {
    for (let look = LOOKS; look > 0 && Atomics.load(control, TURN) === Turn.daemon; look--);
    while (Atomics.load(control, TURN) === Turn.daemon) Atomics.wait(control, TURN, Turn.daemon)
    try {
      const kind = exchange.kind()
      if (kind === Request.take) take(definition, taken)
      else if (kind === Request.match || kind === Request.set) ask(definition, taken[exchange.number()])
      else askEach(definition, kind === Request.matchEach, taken[exchange.number()])
    } catch (error) {
      answerText(Answer.failed, inWords(error, paths()))
    }
  }
}

function take({ argument }: ModuleDefinition<unknown>, taken: unknown[]): void {
  const [typed, here] = JSON.parse(exchange.text()) as [unknown, Here]
  taken[exchange.number()] = argument === undefined ? typed : argument(typed, here)
  exchange.hand(Turn.daemon, Answer.yes, 0, 0)
}

function ask(definition: ModuleDefinition<unknown>, argument: unknown): void {
  const kind = exchange.kind()
  const route = seen(readQuestion(exchange.octets()), definition.looksAt)
  const wanted: Wanted[] = []
  const before = process.threadCpuUsage()
  const held = kind === Request.match ? matched(definition, route, argument) : changed(definition, route, argument, wanted)
  const { user, system } = process.threadCpuUsage(before)
  const ms = (user + system) / 1000
  if (ms > budgetMs) answerText(Answer.slow, late(ms))
  else if (kind === Request.match) exchange.hand(Turn.daemon, held ? Answer.yes : Answer.no, 0, 0)
  else answerText(Answer.content, wanted.length === 0 ? '' : JSON.stringify(wanted))
}

/** About several routes: as far as to the first that fails, so that nobody waits for many that do. */
function askEach(definition: ModuleDefinition<unknown>, match: boolean, argument: unknown): void {
  const octets = exchange.octets()
  const next = seenOneByOne(definition.looksAt)
  let before = process.threadCpuUsage()
  for (let at = 0; at < octets.length; ) {
    const view = readQuestion(octets, at)
    at = view.end
    const wanted: Wanted[] = []
    let kind: number
    let text = ''
    try {
      const held = match ? matched(definition, next(view), argument) : changed(definition, next(view), argument, wanted)
      kind = match ? (held ? Answer.yes : Answer.no) : Answer.content
      if (wanted.length > 0) text = JSON.stringify(wanted)
    } catch (error) {
      kind = Answer.failed
      text = inWords(error, paths())
    }
    // One look between two routes: what it takes itself is nothing beside a budget.
    const after = process.threadCpuUsage()
    const ms = (after.user - before.user + after.system - before.system) / 1000
    before = after
    if (kind !== Answer.failed && ms > budgetMs) {
      kind = Answer.slow
      text = late(ms)
    }
    // Without room for what is answered the rest is asked about anew, and what never fits has failed.
    if (!exchange.putAnswer(kind, text)) {
      if (exchange.done() === 0) exchange.putAnswer(Answer.failed, `RangeError: ${text.length} characters, which are more than fit`)
      break
    }
    if (kind === Answer.failed || kind === Answer.slow) break
  }
  exchange.hand(Turn.daemon, Answer.content, 0, 0)
}

function late(ms: number): string {
  return `took ${ms.toFixed(1)} ms, and may take ${budgetMs}`
}

function matched(definition: ModuleDefinition<unknown>, route: RouteSeen, argument: unknown): boolean {
  // The union of two functions is none that can be called; `route` is what either takes.
  const held: unknown = (definition.match as (route: RouteSeen, argument: unknown) => unknown)(route, argument)
  if (typeof held === 'boolean') return held
  throw new TypeError(`match has returned ${held instanceof Promise ? 'a promise' : JSON.stringify(held)}, expected true or false`)
}

function changed(definition: ModuleDefinition<unknown>, route: RouteSeen, argument: unknown, wanted: Wanted[]): boolean {
  const changes = recorder(CHANGES[definition.looksAt], wanted)
  const set = definition.set as (route: RouteSeen, changes: unknown, argument: unknown) => unknown
  if (set(route, changes, argument) instanceof Promise) throw new TypeError('set has returned a promise, and nobody waits')
  return true
}

function answerText(kind: number, text: string): void {
  exchange.hand(Turn.daemon, kind, 0, exchange.putText(text))
}

function paths(): string[] {
  return files.map((file) => file.path)
}

/** `fednva/policy` is there for every module, wherever it lies; and what is loaded is noted, so that a change in any of it is seen. */
function followImports(): void {
  const door = new URL(`../policy/own/index${extname(import.meta.url)}`, import.meta.url).href
  registerHooks({
    resolve: (specifier, context, next) => (specifier === 'fednva/policy' ? { url: door, shortCircuit: true } : next(specifier, context)),
    load(url, context, next) {
      if (url.startsWith('file:') && url !== door) note(fileURLToPath(url))
      return next(url, context)
    },
  })
}

function note(file: string): void {
  files.push({ path: file, digest: createHash('sha256').update(readFileSync(file)).digest('hex') })
}

/** What a module says goes to the log of the daemon. */
function watchConsole(): void {
  let second = 0
  let said = 0
  const say = (...words: unknown[]): void => {
    const now = Math.floor(performance.now() / 1000)
    if (now !== second) said = 0
    second = now
    if (++said > SAID_MOST) return
    parentPort?.postMessage(
      words
        .map((word) => (typeof word === 'string' ? word : (JSON.stringify(word) ?? String(word))))
        .join(' ')
        .slice(0, TEXT_MOST),
    )
  }
  Object.assign(console, { log: say, info: say, warn: say, error: say, debug: say })
}
