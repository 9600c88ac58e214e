/**
 * The memory that a module's thread and the daemon share. They take turns: the daemon writes a request and hands over, the thread writes its answer and hands
 * back; who does not have the turn writes nothing.
 *
 *     +--------------------+
 *     | turn           (4) |  0 the daemon's, 1 the thread's
 *     | kind           (4) |  of the request or the answer
 *     | number         (4) |  which argument
 *     | octets         (4) |  of what follows
 *     | done           (4) |  octets of answers, when several routes are asked about
 *     | content            |  JSON, text, or routes (`policy/own/question.ts`)
 *     +--------------------+
 *
 * About several routes (`matchEach`, `setEach`) the content of the answer is one of these for each of them, as far as to the first that has failed. They are there as
 * soon as `done` says so: of a thread that does not come back they are good too.
 *
 *     | kind           (1) |  `Answer`
 *     | octets         (4) |
 *     | text               |
 */
import { put8, put32, u8, u32 } from '../bytes/octets.ts'
import { QUESTION_MOST } from '../policy/own/question.ts'

export const Turn = { daemon: 0, thread: 1 } as const
export const Request = { load: 0, take: 1, match: 2, set: 3, matchEach: 4, setEach: 5 } as const
/** `ended`: the thread will answer nothing any more. */
export const Answer = { yes: 0, no: 1, content: 2, failed: 3, slow: 4, ended: 5 } as const

/** What is said of a thread that has ended itself. */
export const ENDED = 'the module has ended its thread'

export const TURN = 0
const KIND = 1
const NUMBER = 2
const OCTETS = 3
const DONE = 4
const CONTENT_AT = 20
const ANSWER_HEADER = 5

/** Longest text of an error that is handed on. */
export const TEXT_MOST = 500

const encoder = new TextEncoder()
const decoder = new TextDecoder()

export class Exchange {
  readonly memory: SharedArrayBuffer
  readonly control: Int32Array
  readonly content: Uint8Array

  constructor(memory = new SharedArrayBuffer(CONTENT_AT + QUESTION_MOST)) {
    this.memory = memory
    this.control = new Int32Array(memory, 0, CONTENT_AT / 4)
    this.content = new Uint8Array(memory, CONTENT_AT)
  }

  /** Octets of the content, for `OCTETS`. Throws where it does not fit. */
  putText(text: string): number {
    const { read, written } = encoder.encodeInto(text, this.content)
    if (read < text.length) throw new RangeError(`${text.length} characters, which are more than fit`)
    return written
  }

  text(): string {
    return decoder.decode(this.octets())
  }

  /** A copy of the content. */
  octets(): Uint8Array<ArrayBuffer> {
    const octets = new Uint8Array(Atomics.load(this.control, OCTETS))
    octets.set(this.content.subarray(0, octets.length))
    return octets
  }

  /** Gives the turn to the other side. */
  hand(to: number, kind: number, number: number, octets: number): void {
    const { control } = this
    Atomics.store(control, KIND, kind)
    Atomics.store(control, NUMBER, number)
    Atomics.store(control, OCTETS, octets)
    Atomics.store(control, TURN, to)
    Atomics.notify(control, TURN)
  }

  /** The other side has the turn, and nothing is done yet. */
  begin(): void {
    Atomics.store(this.control, DONE, 0)
  }

  /** Octets of the answers that are there. */
  done(): number {
    return Atomics.load(this.control, DONE)
  }

  /** One more answer; false: there is no room for it. */
  putAnswer(kind: number, text: string): boolean {
    const at = this.done()
    const room = this.content.subarray(at + ANSWER_HEADER)
    const { read, written } = encoder.encodeInto(text, room)
    if (at + ANSWER_HEADER > this.content.length || read < text.length) return false
    put32(this.content, put8(this.content, at, kind), written)
    Atomics.store(this.control, DONE, at + ANSWER_HEADER + written)
    return true
  }

  /** The answers that are there, in order. */
  answers(): { readonly kind: number; readonly text: string }[] {
    const { content } = this
    const end = this.done()
    const answers: { kind: number; text: string }[] = []
    for (let at = 0; at < end; ) {
      const from = at + ANSWER_HEADER
      const to = from + u32(content, at + 1)
      // What is shared cannot be decoded where it stands.
      answers.push({ kind: u8(content, at), text: to === from ? '' : decoder.decode(content.slice(from, to)) })
      at = to
    }
    return answers
  }

  kind(): number {
    return Atomics.load(this.control, KIND)
  }

  number(): number {
    return Atomics.load(this.control, NUMBER)
  }
}
