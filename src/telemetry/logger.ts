/** The one place that knows pino. Rooms of the shell are handed a `Logger`; pure rooms log nothing. */
import { type DestinationStream, type Logger, pino } from 'pino'

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
export function standardOutput(): LogOutput {
  const pretty = process.stdout.isTTY === true
  return { stream: pino.destination({ dest: 1, sync: true }), pretty, colour: pretty && !process.env.NO_COLOR }
}

/** Lines are written before the call returns, so that the last words of a process are not lost. What makes them pretty is loaded only for people. */
export async function createLogger(settings: LogSettings, output: LogOutput = standardOutput()): Promise<Logger> {
  const options = {
    name: settings.name,
    level: settings.level,
    redact: { paths: SECRETS, censor: '(secret)' },
    timestamp: pino.stdTimeFunctions.isoTime,
    formatters: { level: (label: string) => ({ level: label }) },
  }
  if (!output.pretty) return pino(options, output.stream)
  const { default: pretty } = await import('pino-pretty')
  const text = pretty({
    colorize: output.colour,
    ignore: 'pid,hostname,name',
    translateTime: 'SYS:HH:MM:ss.l',
    singleLine: true,
    destination: output.stream as NodeJS.WritableStream,
    sync: true,
  })
  return pino(options, text)
}
