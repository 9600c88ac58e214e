/**
 * A policy module of the operator's own in a thread of its own. The daemon waits for each answer, but not for ever: a thread that does not come back is ended,
 * and the next call begins a new one. What a module does to its memory, or by ending itself, it does to its thread alone.
 */
import { extname } from 'node:path'
import { Worker } from 'node:worker_threads'
import type { RouteView, Trouble } from '../policy/modules/module.ts'
import type { Here } from '../policy/own/definition.ts'
import { QUESTION_MOST, questionLength, writeQuestion } from '../policy/own/question.ts'
import type { Failure, Nature, Part, Runner } from '../policy/own/runner.ts'
import { Answer, ENDED, Exchange, Request, TURN, Turn } from './exchange.ts'
import type { LoadedFile, ThreadData } from './thread-data.ts'

/** For loading a file with all that it imports. */
const LOAD_MS = 10_000
/** For loading a file while everybody waits, in a reload. */
const RELOAD_MS = 2_000
/** For taking an argument. */
const TAKE_MS = 1_000
/** On top of the budget, which counts what the thread computes: on a busy machine it does not compute all the time. */
const GRACE_MS = 100
/** On top of the budget of the first call of all: nothing is compiled yet, and a reload begins more than this. */
const FIRST_GRACE_MS = 1000
/** Looks that often whether the answer is there before sleeping: an answer often takes a few microseconds. */
const LOOKS = 100

/** Most routes that are asked about in one go: what is answered about them waits for the last. */
const ROUTES_MOST = 256
/** Room for the origin of a route, which is text of the configuration. */
const ORIGIN_MOST = 4096

/** In MiB: most that a module may hold. */
const LIMITS = { maxOldGenerationSizeMb: 64, maxYoungGenerationSizeMb: 4, stackSizeMb: 2 }
/** Modules stand in folders without a package.json; and the parser that finds the line of an error is called experimental. */
const QUIET = ['--disable-warning=MODULE_TYPELESS_PACKAGE_JSON', '--disable-warning=ExperimentalWarning']
const ENTRY = new URL(`./entry${extname(import.meta.url)}`, import.meta.url)

interface Thread {
  readonly worker: Worker
  readonly exchange: Exchange
  /** Arguments it has been handed. */
  taken: number
}

interface Loaded {
  readonly nature: Nature
  readonly files: readonly LoadedFile[]
}

export class ModuleThread implements Runner {
  readonly nature: Nature
  /** All that the module is made of. */
  readonly files: readonly LoadedFile[]
  /** Hears of what the module writes to its console. */
  onSaid: ((text: string) => void) | null = null
  private readonly path: string
  private readonly budgetMs: number
  private readonly arguments: string[] = []
  private thread: Thread | null
  private closed = false
  /** The module has been called before. */
  private asked = false
  /** Why there is no thread any more until a reload. */
  private lost: string | null = null
  /** Routes to be asked about in one go: their octets, and where each begins. Made when first needed. */
  private questions: Uint8Array | null = null
  private questionsEnd = 0
  private readonly places: number[] = []

  private constructor(path: string, budgetMs: number, thread: Thread, { nature, files }: Loaded) {
    this.path = path
    this.budgetMs = budgetMs
    this.thread = thread
    this.nature = nature
    this.files = files
    this.follow(thread)
  }

  /** Loads the file at `path`; or why it cannot be used. `budgetMs`: what one call may compute. */
  static async load(path: string, budgetMs: number): Promise<ModuleThread | Trouble> {
    const thread = launch(path, budgetMs)
    const ended = new Promise<string>((resolve) => {
      thread.worker.once('error', (error) => resolve(String(error)))
    })
    const turn = Atomics.waitAsync(thread.exchange.control, TURN, Turn.thread, LOAD_MS)
    const why = await Promise.race([ended, turn.value])
    const { exchange } = thread
    if (Atomics.load(exchange.control, TURN) === Turn.thread) {
      end(thread)
      const found = why === 'timed-out' ? `it takes more than ${LOAD_MS / 1000} seconds` : why
      return { found: `${path}, which cannot be loaded: ${found}`, expected: 'a file that Node can import' }
    }
    if (exchange.kind() === Answer.content) return new ModuleThread(path, budgetMs, thread, JSON.parse(exchange.text()) as Loaded)
    end(thread)
    if (exchange.kind() === Answer.ended)
      return { found: `${path}, which cannot be loaded: ${ENDED}`, expected: 'a file that Node can import' }
    return JSON.parse(exchange.text()) as Trouble
  }

  take(typed: unknown, here: Here): number | Failure {
    const argument = JSON.stringify([typed, here])
    const thread = this.running()
    if ('failed' in thread) return thread
    const failure = this.handArgument(thread, this.arguments.length, argument)
    return failure ?? this.arguments.push(argument) - 1
  }

  match(argument: number, route: RouteView): boolean | Failure {
    const exchange = this.ask(Request.match, argument, route)
    return 'failed' in exchange ? exchange : exchange.kind() === Answer.yes
  }

  set(argument: number, route: RouteView): string | Failure {
    const exchange = this.ask(Request.set, argument, route)
    return 'failed' in exchange ? exchange : exchange.text()
  }

  get noted(): number {
    return this.places.length
  }

  note(route: RouteView): boolean {
    this.questions ??= new Uint8Array(QUESTION_MOST)
    const { questions, questionsEnd, places } = this
    const room = questions.length - questionsEnd - ORIGIN_MOST
    if (places.length === ROUTES_MOST || (places.length > 0 && questionLength(route) > room)) return false
    places.push(questionsEnd)
    this.questionsEnd = writeQuestion(route, this.nature.looksAt, questions, questionsEnd)
    return true
  }

  answers(part: Part, argument: number, first: number): readonly (boolean | string | Failure)[] {
    const thread = this.ready(argument)
    if ('failed' in thread) return [thread]
    const { exchange } = thread
    const octets = this.questions!.subarray(this.places[first]!, this.questionsEnd)
    exchange.content.set(octets)
    exchange.begin()
    const failure = this.answer(thread, part === 'match' ? Request.matchEach : Request.setEach, argument, octets.length, this.mostMs())
    const found = exchange.answers().map(({ kind, text }) => {
      if (kind === Answer.yes || kind === Answer.no) return kind === Answer.yes
      return kind === Answer.content ? text : failed(kind, text)
    })
    if ('failed' in failure) found.push(failure)
    return found
  }

  forget(): void {
    this.places.length = 0
    this.questionsEnd = 0
  }

  /** Ends the thread. Who still asks is told so. */
  close(): void {
    this.closed = true
    this.drop()
  }

  private ask(request: number, argument: number, route: RouteView): Exchange | Failure {
    const thread = this.ready(argument)
    if ('failed' in thread) return thread
    const octets = writeQuestion(route, this.nature.looksAt, thread.exchange.content)
    return this.answer(thread, request, argument, octets, this.mostMs())
  }

  /** How long it may be until an answer is there. */
  private mostMs(): number {
    const mostMs = this.budgetMs + (this.asked ? GRACE_MS : FIRST_GRACE_MS)
    this.asked = true
    return mostMs
  }

  /** The thread, with the argument handed over. */
  private ready(argument: number): Thread | Failure {
    const thread = this.running()
    if ('failed' in thread) return thread
    while (thread.taken <= argument) {
      const failure = this.handArgument(thread, thread.taken, this.arguments[thread.taken]!)
      if (failure !== null) return failure
    }
    return thread
  }

  private handArgument(thread: Thread, number: number, argument: string): Failure | null {
    const answer = this.answer(thread, Request.take, number, thread.exchange.putText(argument), TAKE_MS)
    if ('failed' in answer) return answer
    thread.taken = number + 1
    return null
  }

  private answer(thread: Thread, request: number, number: number, octets: number, mostMs: number): Exchange | Failure {
    const { exchange } = thread
    exchange.hand(Turn.thread, request, number, octets)
    if (!answered(exchange, mostMs)) {
      this.drop()
      return { failed: 'overrun', why: `did not come back within ${mostMs} ms, and was ended` }
    }
    const kind = exchange.kind()
    if (kind === Answer.ended) {
      this.drop()
      return { failed: 'error', why: ENDED }
    }
    return kind === Answer.failed || kind === Answer.slow ? failed(kind, exchange.text()) : exchange
  }

  /** The thread, begun again if it was ended. */
  private running(): Thread | Failure {
    if (this.thread !== null) return this.thread
    if (this.closed) return { failed: 'error', why: 'another version of the module has taken its place' }
    if (this.lost !== null) return { failed: 'error', why: this.lost }
    const thread = launch(this.path, this.budgetMs)
    const { exchange } = thread
    if (!answered(exchange, RELOAD_MS)) this.lost = `was ended, and does not start again within ${RELOAD_MS} ms`
    else if (exchange.kind() !== Answer.content)
      this.lost = `was ended, and does not start again: ${exchange.kind() === Answer.ended ? ENDED : exchange.text()}`
    else if (!this.isMadeOf(JSON.parse(exchange.text()) as Loaded)) this.lost = 'was ended, and its file is another one by now: reload'
    if (this.lost !== null) {
      end(thread)
      return { failed: 'error', why: this.lost }
    }
    this.thread = thread
    this.follow(thread)
    return thread
  }

  /** What has been changed on the disk counts from the next reload on, and not because a thread was ended. */
  private isMadeOf({ files }: Loaded): boolean {
    return (
      files.length === this.files.length &&
      files.every(({ path, digest }, i) => path === this.files[i]?.path && digest === this.files[i].digest)
    )
  }

  private follow(thread: Thread): void {
    const { worker } = thread
    worker.on('message', (text: string) => this.onSaid?.(text))
    // Without this, a fault in the thread would be one of the daemon.
    worker.on('error', () => {})
    worker.on('exit', () => {
      if (this.thread === thread) this.thread = null
    })
    // Once it is loaded, a module is no reason to go on running; last, for listeners to messages are one.
    worker.unref()
  }

  private drop(): void {
    if (this.thread !== null) end(this.thread)
    this.thread = null
  }
}

/** The thread has the turn at once: its first answer is what came of loading. */
function launch(path: string, budgetMs: number): Thread {
  const exchange = new Exchange()
  exchange.hand(Turn.thread, Request.load, 0, 0)
  const workerData: ThreadData = { path, memory: exchange.memory, budgetMs }
  const worker = new Worker(ENTRY, { workerData, resourceLimits: LIMITS, execArgv: QUIET, name: path })
  return { worker, exchange, taken: 0 }
}

function failed(kind: number, why: string): Failure {
  return { failed: kind === Answer.slow ? 'overrun' : 'error', why }
}

/** `mostMs`: from one answer to the next, when several routes are asked about; twice as much where one comes just behind a look. */
function answered(exchange: Exchange, mostMs: number): boolean {
  const { control } = exchange
  for (let look = LOOKS; look > 0; look--) if (Atomics.load(control, TURN) === Turn.daemon) return true
  for (let done = exchange.done(); ; ) {
    if (Atomics.wait(control, TURN, Turn.thread, mostMs) !== 'timed-out' || Atomics.load(control, TURN) === Turn.daemon) return true
    const before = done
    done = exchange.done()
    if (done === before) return false
  }
}

function end({ worker }: Thread): void {
  worker.terminate().catch(() => {})
}
