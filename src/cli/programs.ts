/** The programs that run on: loaded only when asked for, so that `show` and `check` start at once. Each gives the exit code of the process. */

export interface RunOptions {
  /** Stronger than the file's. */
  readonly logLevel?: string | undefined
}

export interface DemoOptions {
  /** Ends with a verdict instead of staying up. */
  readonly once: boolean
}

interface RunProgram {
  run(configurationPath: string, options: RunOptions): Promise<number>
}

interface DemoProgram {
  demo(options: DemoOptions): Promise<number>
}

/** An NVA. */
export async function runNva(configurationPath: string, options: RunOptions): Promise<number> {
  return (await load<RunProgram>('../daemon/run.ts')).run(configurationPath, options)
}

/** An edge. */
export async function runEdge(configurationPath: string, options: RunOptions): Promise<number> {
  return (await load<RunProgram>('../daemon/edge.ts')).run(configurationPath, options)
}

/** Two federated domains on loopback addresses. */
export async function runDemo(options: DemoOptions): Promise<number> {
  return (await load<DemoProgram>('../daemon/demo.ts')).demo(options)
}

async function load<T>(path: string): Promise<T> {
  return (await import(path)) as T
}
