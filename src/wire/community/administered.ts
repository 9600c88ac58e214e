/**
 * The communities of the form `admin:number`: route target and route origin (RFC 4360 §4, §5, RFC 5668) and the EVI route targets of RFC 9251 §9.5.
 * The form (2-octet AS, IPv4 address, 4-octet AS) is the type, or the subtype for EVI route targets.
 */
import { type AdministeredForm, formatAdministered, parseAdministered } from '../../address/administered.ts'
import { known } from '../../address/parsed.ts'
import { u8 } from '../../bytes/octets.ts'
import type { ExtendedCommunity } from './extended-community.ts'

export type AdminType = 'as2' | 'ipv4' | 'as4'

export interface AdministeredCommunity {
  /** Left out in writing: it follows from the text. */
  readonly adminType?: AdminType
  readonly value: string
}

const ADMIN_TYPES: readonly AdminType[] = ['as2', 'ipv4', 'as4']

function administered(name: string, short: string, subtype: number): ExtendedCommunity<AdministeredCommunity> {
  return {
    name,
    kinds: [subtype, 0x0100 | subtype, 0x0200 | subtype],
    read(bytes, at) {
      const form = u8(bytes, at) as AdministeredForm
      return { adminType: ADMIN_TYPES[form]!, value: formatAdministered(form, bytes, at + 2) }
    },
    write({ adminType, value }, out, at) {
      const wanted = adminType === undefined ? undefined : (ADMIN_TYPES.indexOf(adminType) as AdministeredForm)
      const { form, octets } = known(parseAdministered(value, `a ${name}`, wanted))
      out[at] = form
      out.set(octets, at + 2)
    },
    format: ({ value }) => `${short}:${value}`,
  }
}

export const routeTarget = administered('route-target', 'RT', 2)
export const routeOrigin = administered('route-origin', 'SoO', 3)

function eviRouteTarget(form: AdministeredForm): ExtendedCommunity<{ readonly value: string }> {
  return {
    name: `evi-rt-${form}`,
    kinds: [0x060a + form],
    read: (bytes, at) => ({ value: formatAdministered(form, bytes, at + 2) }),
    write: ({ value }, out, at) => out.set(known(parseAdministered(value, 'an EVI route target', form)).octets, at + 2),
    format: ({ value }) => `EVI-RT:${value}`,
  }
}

export const eviRouteTargetAs2 = eviRouteTarget(0)
export const eviRouteTargetIpv4 = eviRouteTarget(1)
export const eviRouteTargetAs4 = eviRouteTarget(2)
