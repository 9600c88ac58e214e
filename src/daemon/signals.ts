/** Time that NOTIFICATIONs get to leave before the process ends, in ms. */
const LAST_WORDS_MS = 300

/** Resolves with the name of the first SIGTERM or SIGINT. A second one ends the process at once, as users expect who press Ctrl-C twice. */
export function untilSignal(): Promise<string> {
  return new Promise((resolve) => {
    let asked = false
    const hear = (signal: NodeJS.Signals): void => {
      if (asked) process.exit(130)
      asked = true
      resolve(signal)
    }
    process.on('SIGTERM', hear)
    process.on('SIGINT', hear)
  })
}

/** Resolves when what was said last has had time to leave. */
export function lastWords(): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, LAST_WORDS_MS)
  })
}
