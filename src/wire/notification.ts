/** The NOTIFICATION message, RFC 4271 §4.5. */
export interface Notification {
  readonly code: number
  readonly subcode: number
  readonly data: Uint8Array
}
