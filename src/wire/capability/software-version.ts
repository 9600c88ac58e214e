import { copyOf, hex } from '../../bytes/octets.ts'
import type { Capability } from './capability.ts'
import { readText, writeText } from './text.ts'

/** The version text, or the octets when it cannot be read. */
export type SoftwareVersion = { readonly version: string } | { readonly hex: string }

/** Software Version (draft-abraitis-bgp-version-capability): length (1), text in UTF-8. */
export const softwareVersion: Capability<SoftwareVersion> = {
  code: 75,
  name: 'software-version',
  check: () => null,
  read(value) {
    const version = readText(value, 0)
    return version === null || version.end !== value.length ? { hex: hex(value) } : { version: version.text }
  },
  write(fields) {
    if ('hex' in fields) return new Uint8Array(Buffer.from(fields.hex, 'hex'))
    const value = new Uint8Array(255)
    return copyOf(value, 0, writeText(fields.version, 254, value, 0))
  },
  format: (fields) => ('hex' in fields ? fields.hex : fields.version),
}
