/** What a thread is told at its start. */
export interface ThreadData {
  /** Of the module's file. */
  readonly path: string
  readonly memory: SharedArrayBuffer
  readonly budgetMs: number
}

/** A file that a module is made of. */
export interface LoadedFile {
  readonly path: string
  /** Tells one content of it from another. */
  readonly digest: string
}
