/** The program under test as one domain's NVA. A killed one can be started again. */
export interface Nva {
  start(): Promise<void>
  running(): boolean
  /** kill -9; resolves when the process is gone. */
  kill(): Promise<void>
  /** SIGTERM; gives the exit code. */
  terminate(): Promise<number>
  /** What it has printed in all its lives. */
  output(): string
}

export type NvaKind = 'fednva' | 'frr'
