/** The file of results: everything that was measured, one run after the other, and on what. Benches add to it, the table and the page read it. */
import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import type { FloodResult } from './flood/result.ts'
import type { LoadResult } from './load/evpnload.ts'
import { type Machine, machine } from './machine.ts'
import type { ResponsivenessResult } from './responsiveness/result.ts'
import type { SessionsResult } from './sessions/result.ts'

export interface Run {
  readonly scenario: string
  readonly dut: string
  readonly repetition: number
  /** Load of the machine at the end of the run, over a minute. */
  readonly load1: number
  readonly result: LoadResult
}

export interface Results {
  readonly machine: Machine
  /** What was measured, by name, with versions. */
  readonly titles: Record<string, string>
  readonly runs: Run[]
  responsiveness?: ResponsivenessResult
  sessions?: readonly SessionsResult[]
  flood?: readonly FloodResult[]
}

export function newResults(): Results {
  return { machine: machine(), titles: {}, runs: [] }
}

/** Throws when there is no such file or it is something else. */
export function readResults(path: string): Results {
  const found = JSON.parse(readFileSync(path, 'utf8')) as Partial<Results>
  if (!Array.isArray(found.runs) || found.machine === undefined || found.titles === undefined)
    throw new Error(`${path} is no file of results`)
  return found as Results
}

/** The file as it stands, to be added to, or new results. */
export function readOrNew(path: string | undefined): Results {
  return path !== undefined && existsSync(path) ? readResults(path) : newResults()
}

/** A reader never sees half of it. */
export function writeResults(path: string, results: Results): void {
  writeFileSync(`${path}.new`, `${JSON.stringify(results, null, 1)}\n`)
  renameSync(`${path}.new`, path)
}
