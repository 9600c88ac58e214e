/** BGP messages from a capture, from hex or from a stream, to text or JSON. Works through input of any size in bounded memory. */
import { createReadStream, existsSync } from 'node:fs'
import type { Readable } from 'node:stream'
import { createGunzip } from 'node:zlib'
import { Batch } from '../../decode/batch/batch.ts'
import { Capture } from '../../decode/capture/capture.ts'
import { isCapture } from '../../decode/capture/capture-file.ts'
import type { Forced } from '../../decode/decode-context.ts'
import { type Decoded, decode, type Found } from '../../decode/decoded.ts'
import type { FoundTaker, Input } from '../../decode/found-taker.ts'
import { HexText, isText } from '../../decode/hex-text.ts'
import { jsonOf } from '../../decode/json.ts'
import { OctetStream } from '../../decode/octet-stream.ts'
import { formatDecoded, formatSummary } from '../../decode/text.ts'
import type { AddressFamily } from '../../wire/negotiated.ts'
import { FAILED, OK } from '../exit.ts'
import { complain, written } from '../terminal.ts'

const CHUNK = 1 << 18
const GZIP = [0x1f, 0x8b]

export interface DecodeOptions {
  readonly hex?: boolean
  readonly pcap?: boolean
  readonly stream?: boolean
  readonly jsonl?: boolean
  readonly json?: boolean
  readonly summary?: boolean
  readonly port: number | null
  readonly as2?: boolean
  readonly as4?: boolean
  readonly ibgp?: boolean
  readonly ebgp?: boolean
  readonly addpath?: readonly AddressFamily[]
}

/** Decodes a file; gives the exit code: 0 when all could be decoded and nothing was wrong with it. */
export async function decodeFile(file: string, options: DecodeOptions): Promise<number> {
  const printer = new Printer(options)
  let input: Input | null = null
  try {
    for await (const piece of open(file)) {
      input ??= inputFor(piece as Uint8Array, options, printer)
      input.push(piece as Uint8Array)
      printer.flush()
      await written()
    }
  } catch (error) {
    return failed(file, error)
  }
  input?.end()
  if (input === null || printer.silent) printer.complaint(`${file}: no BGP messages found`)
  printer.flush()
  return printer.good ? OK : FAILED
}

const UNREADABLE: Readonly<Record<string, string>> = { ENOENT: 'no such file', EACCES: 'a file this user may not read', EISDIR: 'a folder' }

function failed(file: string, error: unknown): number {
  const found = UNREADABLE[(error as NodeJS.ErrnoException).code ?? '']
  const why = error instanceof Error ? error.message : String(error)
  complain(`${file}: ${found === undefined ? why : `found ${found}, expected a capture, hex text or what one BGP speaker sends`}`)
  return FAILED
}

/** The pieces of a file, of standard input, or of hex that stands on the command line itself; unpacked when gzipped. */
async function* open(file: string): AsyncGenerator<Uint8Array> {
  if (file !== '-' && /^[0-9a-fA-F]{38,}$/.test(file) && !existsSync(file)) {
    yield new TextEncoder().encode(file)
    return
  }
  const source: Readable = file === '-' ? process.stdin : createReadStream(file, { highWaterMark: CHUNK })
  const pieces = source[Symbol.asyncIterator]()
  const first: IteratorResult<Uint8Array> = await pieces.next()
  if (first.done) return
  const rest = { [Symbol.asyncIterator]: () => pieces }
  if (GZIP.some((octet, i) => first.value[i] !== octet)) {
    yield first.value
    yield* rest
    return
  }
  const unpacked = createGunzip({ chunkSize: CHUNK })
  const feed = async () => {
    if (!unpacked.write(first.value)) await new Promise((resolve) => unpacked.once('drain', resolve))
    for await (const piece of rest) if (!unpacked.write(piece)) await new Promise((resolve) => unpacked.once('drain', resolve))
    unpacked.end()
  }
  void feed().catch((error: Error) => unpacked.destroy(error))
  yield* unpacked as AsyncIterable<Uint8Array>
}

function inputFor(head: Uint8Array, options: DecodeOptions, printer: Printer): Input {
  if (options.jsonl) return new Batch((line) => printer.line(line))
  const forced: Forced = {
    fourOctetAs: options.as2 ? false : options.as4 ? true : undefined,
    internal: options.ibgp ? true : options.ebgp ? false : undefined,
    addPath: options.addpath,
  }
  if (options.pcap || (!options.hex && !options.stream && isCapture(head))) return new Capture({ ...forced, port: options.port }, printer)
  if (options.hex || (!options.stream && isText(head))) return new HexText(forced, printer)
  return new OctetStream(forced, printer)
}

const OUTPUT = 1 << 18

/** Collects what goes to standard output, so that it is written in large pieces. */
class Printer implements FoundTaker {
  /** Nothing has come. */
  silent = true
  /** No fault and no complaint. */
  good = true
  private pending = Buffer.allocUnsafe(OUTPUT)
  private length = 0
  private readonly format: (found: Found, decoded: Decoded) => string

  constructor({ json, summary }: DecodeOptions) {
    this.format = json ? (found, decoded) => `${jsonOf(found, decoded)}\n` : summary ? formatSummary : formatDecoded
  }

  message(found: Found): void {
    const decoded = decode(found)
    this.silent = false
    if (decoded.faults.length > 0) this.good = false
    this.add(this.format(found, decoded))
  }

  line(text: string): void {
    this.silent = false
    this.add(`${text}\n`)
  }

  complaint(why: string): void {
    this.good = false
    this.flush()
    complain(why)
  }

  flush(): void {
    if (this.length === 0) return
    process.stdout.write(this.pending.subarray(0, this.length))
    this.pending = Buffer.allocUnsafe(OUTPUT)
    this.length = 0
  }

  private add(text: string): void {
    const octets = Buffer.byteLength(text)
    if (this.length + octets > OUTPUT) this.flush()
    if (octets > OUTPUT) process.stdout.write(text)
    // Nearly all of it is ASCII, which the plainer encoding writes in half the time.
    else this.length += this.pending.write(text, this.length, octets === text.length ? 'latin1' : 'utf8')
  }
}
