/** What the lab and the process of a scripted peer say to each other, a JSON line each. */
export interface PeerSettings {
  readonly local: string
  /** Whom to dial; unused when it listens. */
  readonly remote: string
  readonly port: number
  readonly listen?: boolean
  readonly asn: number
  readonly routerId: string
  readonly holdTimeSeconds: number
  /** Says nothing by itself, not even OPEN. */
  readonly silent?: boolean
}

export type Order = { readonly do: 'send'; readonly hex: string } | { readonly do: 'close' }

export type Sight =
  | { readonly saw: 'listening' | 'connected' | 'established' | 'closed' }
  | { readonly saw: 'refused' | 'error'; readonly why: string }
  | { readonly saw: 'message'; readonly type: number; readonly hex: string }
