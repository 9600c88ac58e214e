/** A reflector without sockets, clocks and logs: peers come, say octets and go; what it writes to them is counted and let go. */
import { END_OF_RIB } from '../../src/config/settings/settings-of.ts'
import { Speaker } from '../../src/speaker/speaker.ts'
import type { LinkHandlers, World } from '../../src/speaker/world.ts'
import { evpn } from '../../src/wire/nlri/evpn/evpn.ts'
import { writeOpen } from '../../src/wire/open.ts'
import { peerSettings } from '../speaker/scripted.ts'
import { message, u32Octets } from '../wire/update-octets.ts'

export const ASN = 65000

export class InMemoryReflector {
  readonly speaker: Speaker
  /** Octets written to all peers since the start. */
  written = 0
  private due: (() => void)[] = []
  private clock = 0

  constructor() {
    const world: World = {
      now: () => (this.clock += 0.01),
      random: () => 0.5,
      after: () => ({ cancel: () => {} }),
      soon: (then) => this.due.push(then),
      dial: () => ({ cancel: () => {} }),
    }
    const { name: _, address: __, ...template } = peerSettings('any', '10.0.0.0', ASN)
    const range = { ...template, prefix: Uint8Array.of(10, 0, 0, 0), prefixLength: 8, limit: 1000 }
    const self = {
      name: 'reflector',
      asn: ASN,
      routerId: 0x0aff0001,
      clusterId: 0x0aff0001,
      endOfRib: END_OF_RIB,
      vnImport: null,
      vnExport: null,
    }
    this.speaker = new Speaker({ ...self, peers: [], listenRanges: [range] }, evpn, world, new Map(), {})
    this.speaker.start()
  }

  /** A session from 10.x.y.z, established. */
  connect(address: string): LinkHandlers {
    const nothing = () => {}
    const handlers = this.speaker.accept({
      local: { address: '10.255.0.1', port: 179 },
      remote: { address, port: 1024 },
      pending: 0,
      write: (octets) => {
        this.written += octets.length
      },
      pause: nothing,
      resume: nothing,
      giveWay: nothing,
      close: nothing,
    })
    if (handlers === null) throw new Error(`${address} is refused`)
    const routerId = address.split('.').reduce((sum, octet) => sum * 256 + Number(octet), 0)
    const capabilities = [
      { code: 1, value: Uint8Array.of(0, 25, 0, 70) },
      { code: 65, value: Uint8Array.from(u32Octets(ASN)) },
    ]
    const open = Buffer.alloc(100)
    handlers.received(open.subarray(0, writeOpen({ version: 4, myAs: ASN, holdTimeSeconds: 0, routerId, capabilities }, open, 0)))
    handlers.received(message(4, []))
    this.settle()
    return handlers
  }

  /** Until there is nothing left to do. */
  settle(): void {
    while (this.due.length > 0) {
      const { due } = this
      this.due = []
      for (const run of due) run()
    }
  }
}
