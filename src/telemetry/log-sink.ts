/**
 * Where lines of the log go: a file descriptor that is never waited for. A full disk, a pager that nobody scrolls or a terminal that was halted must not cost a
 * session: lines wait in bounded memory, and when there is no more room they are lost, and counted.
 */
import { constants, fstatSync, openSync, write, writeSync } from 'node:fs'

/** Most octets that wait. */
const WAITING_MOST = 1 << 20
/** Until it is tried again after what takes nothing, in ms. */
const AGAIN_AFTER_MS = 200

export class LogSink {
  /** Called with their number when lines were lost, and can be written again. */
  onLost: (lines: number) => void = () => {}
  private readonly fd: number
  /** Lines, not taken yet, that are not in `chunk`. */
  private waiting: string[] = []
  private waitingOctets = 0
  /** What is being written, and how many lines begin in it; null: nothing is. */
  private chunk: Buffer | null = null
  private chunkLines = 0
  /** What of the chunk was not taken, until it is tried again; null: the system has it. */
  private again: Buffer | null = null
  private timer: NodeJS.Timeout | null = null
  private lost = 0
  /** The reader has gone for good. */
  private gone = false
  private readonly leave = (): void => this.flush()

  /** `fd` may be written to by others as well, and stays open. */
  constructor(fd: number) {
    this.fd = withoutWaiting(fd)
    process.on('exit', this.leave)
  }

  /** Takes whole lines, and returns at once. */
  write(line: string): void {
    if (this.gone) return
    const octets = Buffer.byteLength(line)
    if (this.waitingOctets + (this.chunk?.length ?? 0) + octets > WAITING_MOST) {
      this.lost++
      return
    }
    this.waiting.push(line)
    this.waitingOctets += octets
    if (this.chunk === null) this.next()
  }

  /** What waits is written now, as far as it is taken without waiting: for the end of the process. */
  flush(): void {
    // What is under way is with a thread of the system, and gets there before the process ends.
    if (this.gone || (this.again === null && this.waiting.length === 0)) return
    const waiting = Buffer.from(this.waiting.join(''))
    try {
      writeSync(this.fd, this.again === null ? waiting : Buffer.concat([this.again, waiting]))
    } catch {
      // There is nobody left to tell.
    }
    this.again = null
    this.waiting = []
    this.waitingOctets = 0
  }

  /** Ends the sink: what waits is written. */
  close(): void {
    this.flush()
    process.off('exit', this.leave)
    if (this.timer !== null) clearTimeout(this.timer)
    this.gone = true
  }

  private next(): void {
    if (this.waiting.length === 0) return
    this.chunk = Buffer.from(this.waiting.join(''))
    this.chunkLines = this.waiting.length
    this.waiting = []
    this.waitingOctets = 0
    this.pass(this.chunk)
  }

  private pass(chunk: Buffer): void {
    write(this.fd, chunk, 0, chunk.length, null, (error, written) => {
      if (error !== null) this.failed(chunk, error.code)
      else if (written < chunk.length) this.pass(chunk.subarray(written))
      else this.passed()
    })
  }

  private passed(): void {
    this.chunk = null
    const { lost } = this
    this.lost = 0
    if (lost > 0) this.onLost(lost)
    if (this.chunk === null) this.next()
  }

  private failed(chunk: Buffer, code: string | undefined): void {
    if (code === 'EPIPE' || code === 'EBADF') {
      this.gone = true
      return
    }
    const full = code === 'EAGAIN'
    if (!full) this.lost += this.chunkLines
    this.again = full ? chunk : null
    this.timer = setTimeout(() => {
      const rest = this.again
      this.again = null
      this.timer = null
      if (rest !== null) this.pass(rest)
      else if (this.waiting.length > 0) this.next()
      else this.chunk = null
    }, AGAIN_AFTER_MS).unref()
  }
}

/** The pipe or terminal behind `fd` opened anew, so that writing never waits, and for us alone; `fd` itself where that cannot be done, as for a socket. */
function withoutWaiting(fd: number): number {
  const kind = fstatSync(fd)
  if (!kind.isFIFO() && !kind.isCharacterDevice()) return fd
  try {
    return openSync(`/proc/self/fd/${fd}`, constants.O_WRONLY | constants.O_NONBLOCK | constants.O_NOCTTY | constants.O_APPEND)
  } catch {
    return fd
  }
}
