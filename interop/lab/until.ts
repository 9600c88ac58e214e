/** What a check or the lab expected and did not get, with what was seen instead. */
export class Unmet extends Error {
  readonly evidence: string
  constructor(why: string, evidence = '') {
    super(why)
    this.evidence = evidence
  }
}

export function expect(holds: boolean, why: string, evidence: string | (() => string) = ''): asserts holds {
  if (!holds) throw new Unmet(why, typeof evidence === 'string' ? evidence : evidence())
}

const POLL_MS = 100

/**
 * Asks `probe` again and again until it gives a value that is not `undefined`, at most for `seconds`. A probe that throws counts as "not yet";
 * what the last one said is the evidence. Nothing in the lab waits in another way.
 */
export async function until<T>(what: string, seconds: number, probe: () => Promise<T | undefined> | T | undefined): Promise<T> {
  const deadline = performance.now() + seconds * 1000
  let last = ''
  for (;;) {
    try {
      const value = await probe()
      if (value !== undefined) return value
    } catch (error) {
      if (!(error instanceof Unmet)) throw error
      last = [error.message, error.evidence].filter(Boolean).join('\n')
    }
    if (performance.now() > deadline) throw new Unmet(`not within ${seconds} s: ${what}`, last)
    await new Promise((resolve) => setTimeout(resolve, POLL_MS))
  }
}

/** Like `until` for a plain yes or no. */
export async function untilTrue(what: string, seconds: number, probe: () => Promise<boolean> | boolean): Promise<void> {
  await until(what, seconds, async () => ((await probe()) ? true : undefined))
}

/** Demands that something holds all the time for `seconds`; `probe` throws or answers false when it does not. */
export async function throughout(what: string, seconds: number, probe: () => Promise<boolean> | boolean): Promise<void> {
  const deadline = performance.now() + seconds * 1000
  while (performance.now() < deadline) {
    expect(await probe(), `did not hold for ${seconds} s: ${what}`)
    await new Promise((resolve) => setTimeout(resolve, POLL_MS))
  }
}
