/** One message as it was found, and what is to be said of it. */

import { type Fault, sessionFault } from '../wire/fault.ts'
import { type MessageView, readMessage } from '../wire/message.ts'
import { HeaderSubcode, NotificationCode } from '../wire/notification-codes.ts'
import { type DecodeContext, settle } from './decode-context.ts'
import { dissectMessage, messageName } from './dissect/dissect.ts'
import type { Field } from './dissect/field.ts'

/** Where a message comes from; the members of a capture are null for hex and streams. */
export interface Found {
  /** Counts from 1. */
  readonly number: number
  /** Header included. Borrowed until return: the memory is used again. */
  readonly octets: Uint8Array
  /** Its end is missing. */
  readonly cut: boolean
  /** Of its first octet in the stream of its direction. */
  readonly streamOffset: number
  readonly context: DecodeContext
  readonly packet: FoundIn | null
}

/** The packet that holds the end of the message. */
export interface FoundIn {
  readonly number: number
  readonly seconds: number
  readonly nanoseconds: number
  /** `192.0.2.1:179`. */
  readonly from: string
  readonly to: string
}

/** What a message says and what is wrong with it. */
export interface Decoded {
  readonly name: string
  /** null when nothing can be said. */
  readonly message: MessageView | null
  readonly faults: readonly Fault[]
  readonly fields: readonly Field[]
}

/** Decodes a message. */
export function decode({ octets, cut, context }: Found): Decoded {
  const settled = settle(context, octets)
  const name = messageName(octets)
  if (cut) {
    const why = `the message is cut short: ${octets.length} octets are there`
    return {
      name,
      message: null,
      faults: [sessionFault(NotificationCode.messageHeader, HeaderSubcode.badLength, why)],
      fields: dissectMessage(octets, settled, null),
    }
  }
  const { message, faults } = readMessage(octets, settled)
  return { name, message, faults, fields: dissectMessage(octets, settled, message) }
}
