/**
 * Socket errors in words an operator can act on.
 */

const WORDS: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'connection refused',
  ECONNRESET: 'connection reset by the peer',
  EPIPE: 'connection reset by the peer',
  ECONNABORTED: 'connection aborted',
  ETIMEDOUT: 'connection timed out',
  EHOSTUNREACH: 'no route to the host',
  EHOSTDOWN: 'host is down',
  ENETUNREACH: 'network unreachable',
  EADDRNOTAVAIL: 'local address is not on this machine',
  EADDRINUSE: 'local address and port are in use',
  EINVAL: 'the local address cannot reach that one',
  EACCES: 'not permitted',
  EPERM: 'not permitted',
  EMFILE: 'no file descriptors left (ulimit -n)',
  ENFILE: 'no file descriptors left on this machine',
}

/** What goes wrong on this machine before anybody is asked. */
const OURS = new Set(['EADDRNOTAVAIL', 'EADDRINUSE', 'EINVAL', 'EACCES', 'EPERM', 'EMFILE', 'ENFILE'])

/** Whether this machine is at fault, and not that nobody was there. */
export function isOurs(error: unknown): boolean {
  return OURS.has(errorCode(error))
}

/** The system's name of an error (`ECONNRESET`), or the empty string. */
export function errorCode(error: unknown): string {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : ''
}

/** One line: `connection refused (ECONNREFUSED)`. */
export function reason(error: unknown): string {
  const code = errorCode(error)
  const words = WORDS[code]
  if (words !== undefined) return `${words} (${code})`
  return error instanceof Error ? error.message : String(error)
}
