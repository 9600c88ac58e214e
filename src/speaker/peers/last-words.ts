/** Why the sessions of a peer and its attempts at one end, in the words of its session machine, with the NOTIFICATION that was sent. */

import { formatNotification, type Notification } from '../../wire/notification.ts'
import { NotificationCode } from '../../wire/notification-codes.ts'

/** What silence may mean where segments are signed: the kernel drops what does not bear the key, and refusals do not. */
const OTHER_KEY = '; with a TCP MD5 key a refusal or another key at the peer looks like this'
/** And where they are not: one that wants a key drops what has none. */
const NO_KEY = ': the address is not reached, or filtered, or the peer wants a password'

export class LastWords {
  /** Why the last session or attempt ended; empty: never. */
  error = ''
  /** Why the last Established session ended; empty: never. */
  private loss = ''
  /** The NOTIFICATION sent by the event being handled, in words. */
  private said = ''

  /** A NOTIFICATION has been sent. A Cease is not noted: it says nothing that the reason does not. */
  sent(notification: Notification): void {
    if (notification.code !== NotificationCode.cease) this.said = formatNotification(notification)
  }

  /** The session is up: why attempts failed before is no matter any more. */
  up(): void {
    this.error = this.loss
  }

  /** The Established session has ended. */
  lost(why: string): void {
    this.error = this.together(why)
    this.loss = this.error
  }

  /** An attempt has failed. `unheard`: nothing was heard, with segments that are signed or not; null: something was. */
  failed(why: string, unheard: 'signed' | 'unsigned' | null): void {
    this.error = this.together(why) + (unheard === null ? '' : unheard === 'signed' ? OTHER_KEY : NO_KEY)
  }

  private together(why: string): string {
    const { said } = this
    this.said = ''
    return said === '' || why.includes(said) ? why : `${why} (sent ${said})`
  }
}
