/**
 * The memory that a module's thread and the daemon share. They take turns: the daemon writes a request and hands over, the thread writes its answer and hands
 * back; who does not have the turn writes nothing.
 *
 *     +--------------------+
 *     | turn           (4) |  0 the daemon's, 1 the thread's
 *     | kind           (4) |  of the request or the answer
 *     | number         (4) |  which argument
 *     | octets         (4) |  of what follows
 *     | content            |  JSON, text, or a route (`policy/own/question.ts`)
 *     +--------------------+
 */
import { QUESTION_MOST } from '../policy/own/question.ts'

export const Turn = { daemon: 0, thread: 1 } as const
export const Request = { load: 0, take: 1, match: 2, set: 3 } as const
/** `ended`: the thread will answer nothing any more. */
export const Answer = { yes: 0, no: 1, content: 2, failed: 3, slow: 4, ended: 5 } as const

export const TURN = 0
const KIND = 1
const NUMBER = 2
const OCTETS = 3
const CONTENT_AT = 16

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

  kind(): number {
    return Atomics.load(this.control, KIND)
  }

  number(): number {
    return Atomics.load(this.control, NUMBER)
  }
}
