/** One who hears what the reflector under test says. */
import { hex, u8, u16 } from '../../bytes/octets.ts'
import { MessageType } from '../../wire/framing.ts'
import { UpdateScan } from '../../wire/update-scan.ts'
import { Tally } from './tally.ts'

export class Receiver {
  /** Which peer it is. */
  readonly index: number
  /** Octets as they were written, to be read. */
  readonly written: Uint8Array[] = []
  /** What has been told since the last `read`, and the attributes of the last announcement in hex. */
  readonly announced = new Tally()
  readonly withdrawn = new Tally()
  attributes = ''
  private readonly scan = new UpdateScan()

  constructor(index: number) {
    this.index = index
  }

  read(): void {
    this.announced.clear()
    this.withdrawn.clear()
    for (const octets of this.written) {
      for (let at = 0; at < octets.length; at += u16(octets, at + 16)) {
        if (u8(octets, at + 18) === MessageType.update) this.update(octets, at, at + u16(octets, at + 16))
      }
    }
    this.written.length = 0
  }

  private update(octets: Uint8Array, from: number, to: number): void {
    const { scan } = this
    scan.scan(octets, from, to)
    if (scan.unreachAfi !== 0) this.withdrawn.add(octets, scan.unreachFrom, scan.unreachTo)
    if (scan.reachAfi === 0) return
    this.announced.add(octets, scan.reachFrom, scan.reachTo)
    this.attributes = hex(octets, scan.reachTo, to)
  }
}
