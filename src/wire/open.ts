/**
 * The OPEN message, RFC 4271 §4.2, capabilities per RFC 5492, long optional parameters per RFC 9072.
 */
export interface Open {
  readonly version: number
  /** The 2-octet My Autonomous System field as sent (AS_TRANS 23456 for an AS that does not fit). */
  readonly myAs: number
  /** Proposed hold time in seconds; 0, or at least 3. */
  readonly holdTimeSeconds: number
  /** BGP Identifier, 4 octets as an unsigned number. */
  readonly routerId: number
  /** In the order sent; unknown ones too. */
  readonly capabilities: readonly RawCapability[]
}

/** A capability as octets: code and value. `capability/table.ts` decodes those that are known. */
export interface RawCapability {
  readonly code: number
  readonly value: Uint8Array
}
