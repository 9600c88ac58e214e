/** An NVA with made-up switches around it, and perhaps another domain, over links that lead nowhere, and the story they tell it. */
import { buildOpen } from '../../session/offer.ts'
import type { LinkHandlers, World } from '../../speaker/world.ts'
import { MAX_MESSAGE } from '../../wire/framing.ts'
import { writeKeepalive } from '../../wire/keepalive.ts'
import { evpn } from '../../wire/nlri/evpn/evpn.ts'
import { writeOpen } from '../../wire/open.ts'
import { Nva } from '../nva.ts'
import { ASN, type Change, FIRST_ID, NO_MACS, OTHER_ASN, VNS, writeMadeUp } from './made-up.ts'
import { Receiver } from './receiver.ts'
import { address, type Neighbourhood, OWN_ID, SHARED_VNS, surroundings } from './surroundings.ts'
import { Tally } from './tally.ts'

const SENDERS = 3
const RECEIVERS = 2
/** Which route of a VN changes alone: one with a MAC. */
const ONE = 3
/** A receiver that comes when all is loaded. */
const LATE = SENDERS + RECEIVERS
/** A receiver that speaks for another domain, where there is one, and then has routes to tell. */
const ABROAD = LATE + 1
const BUFFER = 64 * 1024
/** Octets of a read: messages begin in one and end in another, as they do. */
const READ = 9973

/** AS_PATH as it leaves: our AS, and nothing in front of it (RFC 4271 §5.1.2). */
const CROSSED = `4002060201${hexOf(ASN)}`
/** AS_PATH of what comes from the other domain. */
const COME_IN = `4002060201${hexOf(OTHER_ASN)}`

export class Trial {
  private readonly nva: Nva
  private readonly federated: boolean
  private readonly senders: LinkHandlers[] = []
  private readonly receivers: Receiver[] = []
  private due: (() => void)[] = []
  /** Routes in the UPDATEs of this step, and those of them that may cross to another domain. */
  private readonly told = new Tally()
  private readonly crossing = new Tally()
  private readonly out = Buffer.alloc(BUFFER)
  private clock = 0

  constructor(neighbourhood: Neighbourhood) {
    this.federated = neighbourhood !== 'alone'
    const world: World = {
      // No whole number, as real clocks.
      now: () => (this.clock += 0.37),
      random: () => 0.5,
      after: () => ({ cancel: () => {} }),
      soon: (then) => this.due.push(then),
      dial: () => ({ cancel: () => {} }),
    }
    this.nva = new Nva(surroundings(ABROAD, neighbourhood), world, {})
    this.nva.speaker.start()
    for (let index = 0; index < RECEIVERS; index++) this.receive(SENDERS + index)
    this.senders[ABROAD] = this.receive(ABROAD)
    this.settle()
  }

  /**
   * Routes come, change, move, are heard by somebody late, and go, the last of them with a session. Null, or what of it went wrong. Afterwards
   * there is nothing in the RIB, and the story can be told again. `routes`: of each VN of a sender. `sparse`: one route in an UPDATE, and attributes
   * of its own. `flaps`: so often all routes of a sender go and come, and somebody hears them late.
   */
  tell(routes: number, sparse: boolean, flaps: number): string | null {
    const all = SENDERS * VNS * routes
    const moving = VNS * routes
    const staying = VNS * NO_MACS
    const last = SENDERS - 1
    for (let index = 0; index < SENDERS; index++) this.senders[index] = this.connect(index, () => {})
    for (let sender = 0; sender < SENDERS; sender++) this.change({ sender, sequence: 0, sharedRd: false, foreign: false, routes, sparse })
    let problem = this.compare(all, 0, last)
    for (let sender = 0; sender < SENDERS; sender++) this.change({ sender, sequence: 1, sharedRd: false, foreign: false, routes, sparse })
    problem ??= this.compare(all, 0, last)
    this.change({ sender: 0, sequence: 0, sharedRd: true, foreign: false, routes, sparse })
    problem ??= this.compare(moving, 0, 0)
    // IMET and prefix routes do not move by sequence number: the lower router id keeps them until it withdraws them.
    this.change({ sender: 1, sequence: 1, sharedRd: true, foreign: false, routes, sparse })
    problem ??= this.compare(moving - staying, 0, 1)
    this.change({ sender: 0, sequence: null, sharedRd: true, foreign: false, routes, sparse })
    problem ??= this.compare(staying, 0, 1)
    for (let flap = 0; flap < flaps; flap++) {
      this.change({ sender: 0, sequence: null, sharedRd: false, foreign: false, routes, sparse })
      problem ??= this.compare(0, moving, null)
      this.change({ sender: 0, sequence: 1, sharedRd: false, foreign: false, routes, sparse })
      problem ??= this.compare(moving, 0, 0)
      problem ??= this.compareLate(all + moving)
    }
    if (this.federated) problem ??= this.hearAbroad(routes, sparse, flaps)
    for (let sender = 0; sender < last; sender++) this.change({ sender, sequence: null, sharedRd: false, foreign: false, routes, sparse })
    problem ??= this.compare(0, all - moving, null)
    for (const sender of this.senders.slice(0, SENDERS)) sender.closed('')
    problem ??= this.compare(0, 2 * moving, null)
    const { paths, best } = this.nva.speaker.rib
    if (paths !== 0 || best !== 0) problem ??= `${paths} paths are left behind, ${best} of them in use`
    return problem
  }

  /**
   * Changes come one by one, as on a quiet day: in each turn a MAC moves from one switch to another, in every third one another domain says something new of
   * another MAC. Null, or what of it went wrong. Afterwards there is nothing in the RIB.
   */
  trickle(turns: number): string | null {
    for (let sender = 0; sender < 2; sender++) this.senders[sender] = this.connect(sender, () => {})
    let problem: string | null = null
    for (let turn = 1; turn <= turns; turn++) {
      const foreign = this.federated && turn % 3 === 0
      problem ??= this.changeOne(foreign ? ABROAD : turn % 2, turn, foreign, 1, 0)
    }
    const last = this.federated && turns % 3 === 0 ? (turns - 1) % 2 : turns % 2
    problem ??= this.changeOne(1 - last, null, false, 0, 0)
    problem ??= this.changeOne(last, null, false, 0, 1)
    if (this.federated) problem ??= this.changeOne(ABROAD, null, true, 0, 1)
    for (const sender of this.senders.slice(0, 2)) sender.closed('')
    this.settle()
    const { paths } = this.nva.speaker.rib
    if (paths !== 0) problem ??= `${paths} paths are left behind of single changes`
    return problem
  }

  /** One change, and what everybody else must be told then. */
  private changeOne(sender: number, sequence: number | null, foreign: boolean, announced: number, withdrawn: number): string | null {
    const { out } = this
    // The one that moves is in an RD of all senders.
    const change = { sender, sequence, sharedRd: !foreign, foreign, routes: ONE + 1, sparse: true }
    this.senders[sender]?.received(out.subarray(0, writeMadeUp(change, 0, ONE, out, 0).end))
    this.settle()
    let problem: string | null = null
    for (const receiver of this.receivers) {
      receiver.read()
      if (receiver.index === sender) continue
      if (receiver.announced.routes !== announced)
        problem ??= `${receiver.announced.routes} routes are told of single changes, not ${announced}`
      if (receiver.withdrawn.routes !== withdrawn)
        problem ??= `${receiver.withdrawn.routes} routes are withdrawn of single changes, not ${withdrawn}`
    }
    return problem
  }

  /** Routes of the other domain come, change and go; the switches are told of those whose VNs are shared. */
  private hearAbroad(routes: number, sparse: boolean, flaps: number): string | null {
    let problem: string | null = null
    for (let flap = 0; flap < flaps; flap++) {
      for (const sequence of [0, 1, null]) {
        this.change({ sender: ABROAD, sequence, sharedRd: false, foreign: true, routes, sparse })
        this.settle()
        const due = SHARED_VNS * routes
        for (const receiver of this.receivers) {
          receiver.read()
          if (receiver.index !== ABROAD) problem ??= this.compareForeign(receiver, sequence === null ? 0 : due, sequence === null ? due : 0)
        }
        this.told.clear()
        this.crossing.clear()
      }
    }
    return problem
  }

  private compareForeign({ announced, withdrawn, attributes }: Receiver, come: number, gone: number): string | null {
    if (announced.routes !== come) return `${announced.routes} routes of another domain are told, not ${come}`
    if (withdrawn.routes !== gone) return `${withdrawn.routes} routes of another domain are withdrawn, not ${gone}`
    if (come === 0) return null
    if (announced.sum !== this.crossing.sum) return 'routes of another domain are told with other octets than they came with'
    return attributes.includes(COME_IN) ? null : `attributes ${attributes} lack ${COME_IN}`
  }

  /** Compares what every receiver has been told since the last time, and that it came from `originator` (index of a sender). */
  private compare(announced: number, withdrawn: number, originator: number | null): string | null {
    this.settle()
    let problem: string | null = null
    for (const receiver of this.receivers) {
      receiver.read()
      problem ??= this.compareOne(receiver, announced, withdrawn, originator)
    }
    this.told.clear()
    this.crossing.clear()
    return problem
  }

  private compareOne(receiver: Receiver, announced: number, withdrawn: number, originator: number | null): string | null {
    const abroad = this.federated && receiver.index === ABROAD
    const { routes, sum } = abroad ? this.crossing : this.told
    // All VNs have the same number of routes.
    const part = abroad ? SHARED_VNS / VNS : 1
    const what = abroad ? 'told to another domain' : 'reflected'
    if (receiver.announced.routes !== announced * part) return `${receiver.announced.routes} routes are ${what}, not ${announced * part}`
    if (receiver.withdrawn.routes !== withdrawn * part) return `${receiver.withdrawn.routes} routes are withdrawn, not ${withdrawn * part}`
    if (originator === null) return null
    if (announced * part === routes && receiver.announced.sum !== sum) return `routes are ${what} with other octets than they came with`
    const due = abroad ? CROSSED : reflectedFrom(originator)
    return receiver.attributes.includes(due) ? null : `attributes ${receiver.attributes} lack ${due}`
  }

  /** One who comes late gets everything there is. */
  private compareLate(routes: number): string | null {
    const handlers = this.receive(LATE)
    this.settle()
    const late = this.receivers.pop()
    late?.read()
    handlers.closed('')
    return late?.announced.routes === routes ? null : `a late receiver is told ${late?.announced.routes} of ${routes} routes`
  }

  private settle(): void {
    while (this.due.length > 0) {
      const { due } = this
      this.due = []
      for (const run of due) run()
    }
  }

  private receive(index: number): LinkHandlers {
    const receiver = new Receiver(index)
    this.receivers.push(receiver)
    return this.connect(index, (octets) => receiver.written.push(octets))
  }

  private connect(index: number, write: (octets: Uint8Array) => void): LinkHandlers {
    const nothing = () => {}
    const handlers = this.nva.speaker.accept({
      local: { address: '192.0.2.254', port: 179 },
      remote: { address: address(index), port: 1024 },
      pending: 0,
      write,
      pause: nothing,
      resume: nothing,
      giveWay: nothing,
      close: nothing,
    })
    if (handlers === null) throw new Error('a made-up switch is refused')
    const asn = this.nva.speaker.peers.get(address(index))?.settings.asn ?? ASN
    const session = { localAs: asn, peerAs: ASN, routerId: FIRST_ID + index, hostname: '', families: [evpn], holdTimeSeconds: 0 }
    // Without extended messages, as most switches are.
    const open = buildOpen({ ...session, connectRetrySeconds: 1, sendHoldSeconds: 0, passive: false }, 'plain')
    const out = Buffer.alloc(MAX_MESSAGE)
    handlers.received(out.subarray(0, writeOpen(open, out, 0)))
    handlers.received(out.subarray(0, writeKeepalive(out, 0)))
    return handlers
  }

  private change(change: Change): void {
    const { out } = this
    let at = 0
    for (let vn = 0; vn < VNS; vn++) {
      for (let route = 0; route < change.routes; ) {
        if (at + MAX_MESSAGE > BUFFER) {
          this.read(change.sender, at)
          at = 0
        }
        const written = writeMadeUp(change, vn, route, out, at)
        this.told.add(out, written.from, written.to)
        if (vn < SHARED_VNS) this.crossing.add(out, written.from, written.to)
        route = written.next
        at = written.end
      }
    }
    this.read(change.sender, at)
  }

  private read(sender: number, to: number): void {
    for (let from = 0; from < to; from += READ) this.senders[sender]?.received(this.out.subarray(from, Math.min(from + READ, to)))
  }
}

function hexOf(id: number): string {
  return id.toString(16).padStart(8, '0')
}

/** ORIGINATOR_ID of who told us, CLUSTER_LIST with our id (RFC 4456 §8). */
function reflectedFrom(sender: number): string {
  return `800904${hexOf(FIRST_ID + sender)}800a04${hexOf(OWN_ID)}`
}
