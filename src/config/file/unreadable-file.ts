/** Why a file that a configuration names cannot be read, in words. */
const REASONS: Readonly<Record<string, string>> = { ENOENT: 'no such file', EACCES: 'this user may not read it', EISDIR: 'it is a folder' }

/** `error`: what `readFileSync` threw. `code`: tells one reason from another. */
export function whyUnreadable(path: string, error: unknown): { readonly code: string; readonly found: string } {
  const code = (error as NodeJS.ErrnoException).code ?? 'unknown'
  return { code, found: `${path}, which cannot be read (${REASONS[code] ?? code})` }
}
