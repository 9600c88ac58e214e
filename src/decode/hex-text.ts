/**
 * Hex as people write it down, as BGP messages: with or without spaces, colons, commas, `0x` and `\x`, over as many lines as it takes; also dumps with
 * offsets and a column of characters, as xxd, `hexdump -C`, tcpdump and Wireshark make them. `#` begins a remark.
 *
 * A line that begins with a marker, a blank line or offset 0 begins something new, so that one wrong message does not spoil the next.
 */
import { contextOf, type DecodeContext, type Forced } from './decode-context.ts'
import type { FoundTaker, Input } from './found-taker.ts'
import { MessageStream } from './message-stream.ts'

const MARKER_DIGITS = 'f'.repeat(32)
const LONGEST_LINE = 1 << 20
const QUOTED = 24

export class HexText implements Input {
  private readonly taker: FoundTaker
  private readonly context: DecodeContext
  private readonly decoder = new TextDecoder('latin1')
  private rest = ''
  private line = 0
  private messages = 0
  private stream: MessageStream | null = null
  /** Octets since the beginning of a dump with offsets. */
  private dumped = 0

  constructor(forced: Forced, taker: FoundTaker) {
    this.taker = taker
    this.context = contextOf(null, null, forced)
  }

  push(piece: Uint8Array): void {
    const lines = (this.rest + this.decoder.decode(piece, { stream: true })).split(/\r?\n/)
    this.rest = lines.pop() ?? ''
    for (const line of lines) this.take(line)
    if (this.rest.length <= LONGEST_LINE) return
    this.taker.complaint(`line ${this.line + 1}: longer than ${LONGEST_LINE} characters`)
    this.rest = ''
  }

  end(): void {
    if (this.rest !== '') this.take(this.rest)
    this.rest = ''
    this.close()
  }

  private take(line: string): void {
    this.line++
    const text = line.replace(/(#|\/\/).*$/, '').trim()
    if (text === '') {
      if (line.trim() === '') this.close()
      return
    }
    const dump = this.dumpLine(text)
    const digits = (dump ?? text).toLowerCase().replaceAll(/0x|\\x|[\s:,;.'"-]/g, '')
    const foreign = !/^[0-9a-f]*$/.test(digits)
    if (foreign || digits.length % 2 !== 0) {
      const expected = foreign ? 'hex' : 'two hex digits for each octet'
      this.taker.complaint(`line ${this.line}: found ${JSON.stringify(text.slice(0, QUOTED))}, expected ${expected}`)
      return
    }
    if (dump === null && digits.startsWith(MARKER_DIGITS)) this.close()
    this.dumped = dump === null ? 0 : this.dumped + digits.length / 2
    this.stream ??= this.begin()
    this.stream.push(octetsOf(digits), 0, digits.length / 2)
  }

  /** The digits of a line with an offset before them, which must be the number of octets so far; null when it is no such line. */
  private dumpLine(text: string): string | null {
    const found = /^(?:0x)?([0-9a-f]{4,8})(?::\s+|\s{2,})(.*)$/i.exec(text)
    if (found === null) return null
    const offset = Number.parseInt(found[1]!, 16)
    if (offset !== 0 && offset !== this.dumped) return null
    if (offset === 0) {
      this.close()
      this.dumped = 0
    }
    // Behind the octets there may be a column of characters: set off by a bar, or by two spaces from what is not in groups of hex.
    const octets = found[2]!.replace(/\s*\|.*\|?$/, '')
    return /^(?:[0-9a-f]{2,4} {1,2})*[0-9a-f]{2,4}(?= {2}|$)/i.exec(octets)?.[0] ?? octets
  }

  private begin(): MessageStream {
    return new MessageStream(
      {
        message: (octets, streamOffset, cut) => {
          this.taker.message({ number: ++this.messages, octets, cut, streamOffset, context: this.context, packet: null })
        },
        skipped: (length, _, why) => this.taker.complaint(`line ${this.line}: ${length} octets skipped: ${why}`),
      },
      true,
    )
  }

  private close(): void {
    this.stream?.end()
    this.stream = null
  }
}

/** The octets of an even number of lower-case hex digits. */
function octetsOf(digits: string): Uint8Array {
  const octets = new Uint8Array(digits.length / 2)
  for (let i = 0; i < octets.length; i++) octets[i] = (value(digits.charCodeAt(2 * i)) << 4) | value(digits.charCodeAt(2 * i + 1))
  return octets
}

function value(code: number): number {
  return code < 0x3a ? code - 0x30 : code - 0x57
}

/** Whether the beginning of an input looks like text. */
export function isText(head: Uint8Array): boolean {
  return head.every((octet) => octet === 9 || octet === 10 || octet === 13 || (octet >= 0x20 && octet < 0x7f))
}
