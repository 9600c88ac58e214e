/** What lies in the daemon: loaded only when asked for, so that `show` and `check` start at once. What runs on gives the exit code of the process. */

export interface RunOptions {
  /** Stronger than the file's. */
  readonly logLevel?: string | undefined
}

export interface DemoOptions {
  /** Ends with a verdict instead of staying up. */
  readonly once: boolean
  /** TCP port of both NVAs; the demo has one of its own. */
  readonly port?: number | undefined
}

/** An NVA. */
export async function runNva(configurationPath: string, options: RunOptions): Promise<number> {
  const { run } = await import('../daemon/run.ts')
  return run(configurationPath, options)
}

/** An edge. */
export async function runEdge(configurationPath: string, options: RunOptions): Promise<number> {
  const { run } = await import('../daemon/edge/edge.ts')
  return run(configurationPath, options)
}

/** Policies tried with a file of cases: it ends when they are done. */
export async function testPolicies(path: string) {
  const { testFile } = await import('../daemon/policy-test/policy-test.ts')
  return await testFile(path)
}

/** Two federated domains on loopback addresses. */
export async function runDemo(options: DemoOptions): Promise<number> {
  const { demo } = await import('../daemon/demo/demo.ts')
  return demo(options)
}
