/** A reflector that is measured: how it is configured and started. */

/** Where one run of it takes place. */
export interface Place {
  /** A folder of its own, gone afterwards. */
  readonly folder: string
  /** It must listen on `address`:`port`, and take any peer from 127.0.0.0/8 as an iBGP client of AS `asn`. */
  readonly address: string
  readonly port: number
  /** For those with an API on a port. */
  readonly apiPort: number
  readonly asn: number
}

export interface Command {
  /** Text of its configuration by file name in the folder. */
  readonly files: Readonly<Record<string, string>>
  readonly program: string
  readonly words: readonly string[]
}

export interface Dut {
  /** In one word, as in the table. */
  readonly name: string
  /** With its version, for people. */
  readonly title: string
  /** Phases and scenarios that mean nothing for it. */
  readonly without?: { readonly phases?: readonly string[]; readonly scenarios?: readonly string[] }
  /** The only scenarios it is run in unless it is asked for by name; the reason is told. */
  readonly only?: { readonly scenarios: readonly string[]; readonly why: string }
  /** More options for the load generator. */
  readonly load?: Readonly<Record<string, true>>
  command(place: Place): Command
}

/** What is not installed, in one line that says what to do. */
export interface Missing {
  readonly name: string
  readonly missing: string
}
