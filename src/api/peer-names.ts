/** How people say which peer they mean, in questions to the API, on the command line and in policy cases: by its name or its address. */

/** Most names in an error. */
const NAMES_MOST = 12

/** Whether somebody who says `who` means this peer. */
export function isCalled({ name, address }: { readonly name: string | null; readonly address: string }, who: string): boolean {
  return name === who || address === who
}

/** That `who` is none of these peers, in words. */
export function noSuchPeer(peers: readonly { readonly name: string }[], who: string): string {
  return `no peer ${who}; there is ${someOf(peers.map(({ name }) => name))}`
}

/** The first of some names, `, ...` where there are more; `none`. */
export function someOf(names: readonly string[]): string {
  if (names.length === 0) return 'none'
  return `${names.slice(0, NAMES_MOST).join(', ')}${names.length > NAMES_MOST ? ', ...' : ''}`
}
