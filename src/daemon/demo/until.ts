/** Why the story does not go on: told to the user as it is. */
export class Stuck extends Error {}

const POLL_MS = 15

/**
 * Asks `probe` again and again until it gives something other than null, which is returned with the milliseconds it took. Throws `Stuck` when that has not
 * happened by the deadline, or the reason of `signal` when the user has had enough.
 */
export async function until<T>(
  what: string,
  deadlineMs: number,
  signal: AbortSignal,
  probe: () => Promise<T | null>,
): Promise<{ value: T; milliseconds: number }> {
  const start = performance.now()
  for (;;) {
    signal.throwIfAborted()
    const value = await probe()
    const milliseconds = performance.now() - start
    if (value !== null) return { value, milliseconds }
    if (milliseconds > deadlineMs) throw new Stuck(`not within ${deadlineMs / 1000} s: ${what}`)
    await new Promise((resolve) => setTimeout(resolve, POLL_MS))
  }
}
