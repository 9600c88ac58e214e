/** The one place that knows pino. Rooms of the shell are handed a `Logger`; pure rooms log nothing. */
import { type DestinationStream, type Logger, pino } from 'pino'
import { LogSink } from './log-sink.ts'

export type { Logger } from 'pino'

export interface LogSettings {
  /** Name of the NVA or edge; in every line of JSON. */
  readonly name: string
  readonly level: 'trace' | 'debug' | 'info' | 'warn' | 'error' | 'silent'
}

export interface LogOutput {
  /** Takes one line at a time; it keeps nothing. */
  readonly stream: DestinationStream
  /** For a person at a terminal instead of JSON. */
  readonly pretty: boolean
  readonly colour: boolean
}

/** Secrets are kept out of settings that are logged whole, at any of these depths. */
const SECRETS = ['password', 'secret', 'key'].flatMap((name) => [name, `*.${name}`, `*.*.${name}`, `*.*.*.${name}`])

/** Standard output: coloured text on a terminal, JSON lines into anything else. `NO_COLOR` is heeded (no-color.org). */
function standardOutput(): LogOutput {
  const pretty = process.stdout.isTTY === true
  return { stream: new LogSink(1), pretty, colour: pretty && !process.env.NO_COLOR }
}

/** What makes lines pretty is loaded only for people. */
export async function createLogger(settings: LogSettings, output: LogOutput = standardOutput()): Promise<Logger> {
  const logger = await made(settings, output)
  if (output.stream instanceof LogSink)
    output.stream.onLost = (lines) => logger.warn({ lines }, 'lines of the log were lost: nothing took them')
  return logger
}

async function made(settings: LogSettings, output: LogOutput): Promise<Logger> {
  const options = {
    name: settings.name,
    level: settings.level,
    redact: { paths: SECRETS, censor: '(secret)' },
    timestamp: pino.stdTimeFunctions.isoTime,
    formatters: { level: (label: string) => ({ level: label }) },
  }
  if (!output.pretty) return pino(options, output.stream)
  const { prettyFactory } = await import('pino-pretty')
  const format = prettyFactory({
    colorize: output.colour,
    ignore: 'pid,hostname,name',
    translateTime: 'SYS:HH:MM:ss.l',
    singleLine: true,
  })
  return pino(options, { write: (line) => output.stream.write(format(line)) })
}
