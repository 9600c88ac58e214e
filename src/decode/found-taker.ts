import type { Found } from './decoded.ts'

/** Hears what is found in an input, in order. */
export interface FoundTaker {
  message(found: Found): void
  /** Something that could not be decoded, and why. */
  complaint(why: string): void
}

/** An input that is read in pieces of any size. */
export interface Input {
  push(piece: Uint8Array): void
  /** Nothing more comes. */
  end(): void
}
