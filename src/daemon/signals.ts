/** Time that NOTIFICATIONs get to leave before the process ends, in ms. */
const LAST_WORDS_MS = 300

/** One signal often comes twice: from the terminal or the service manager, and again from a program between it and us. Within this time, in ms. */
const ECHO_MS = 1_000

/**
 * Resolves with the name of the first SIGTERM or SIGINT. A later one ends the process at once, as users expect who press Ctrl-C again because
 * it takes too long.
 */
export function untilSignal(): Promise<string> {
  return new Promise((resolve) => {
    let asked = 0
    const hear = (signal: NodeJS.Signals): void => {
      const now = performance.now()
      if (asked === 0) asked = now
      else if (now - asked > ECHO_MS) process.exit(130)
      resolve(signal)
    }
    process.on('SIGTERM', hear)
    process.on('SIGINT', hear)
  })
}

/** SIGHUP ends nobody from here on. Returns how to hear of each; one that came before anybody did is told then. */
export function hangUps(): (then: () => void) => void {
  let missed = false
  let heed = (): void => {
    missed = true
  }
  process.on('SIGHUP', () => heed())
  return (then) => {
    heed = then
    if (missed) then()
  }
}

/** Resolves when what was said last has had time to leave. */
export function lastWords(): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, LAST_WORDS_MS)
  })
}
