/** One virtual network of the NV Domain, in its wire clothes. */
export interface VnSettings {
  readonly name: string
  /** 24-bit VNI. */
  readonly vni: number
  readonly service: 'l2' | 'l3'
  /** Route targets as extended communities, 8 octets each (RFC 4360 §4). */
  readonly importTargets: readonly Uint8Array[]
  readonly exportTargets: readonly Uint8Array[]
}

export interface DomainSettings {
  readonly name: string
  readonly vns: readonly VnSettings[]
}
