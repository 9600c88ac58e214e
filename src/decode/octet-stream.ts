/** The octets that one BGP speaker has sent, in order and from the first on, as messages. Its OPEN sets the context of what follows. */
import { announcedBy, contextOf, type DecodeContext, type Forced } from './decode-context.ts'
import type { FoundTaker, Input } from './found-taker.ts'
import { MessageStream } from './message-stream.ts'

export class OctetStream implements Input {
  private readonly stream: MessageStream
  private context: DecodeContext
  private messages = 0

  constructor(forced: Forced, taker: FoundTaker) {
    this.context = contextOf(null, null, forced)
    this.stream = new MessageStream(
      {
        message: (octets, streamOffset, cut) => {
          taker.message({ number: ++this.messages, octets, cut, streamOffset, context: this.context, packet: null })
          const announced = cut ? null : announcedBy(octets)
          if (announced !== null) this.context = contextOf(announced, null, forced)
        },
        skipped: (length, streamOffset, why) => taker.complaint(`at ${streamOffset}: ${length} octets skipped: ${why}`),
      },
      true,
    )
  }

  push(piece: Uint8Array): void {
    this.stream.push(piece, 0, piece.length)
  }

  end(): void {
    this.stream.end()
  }
}
