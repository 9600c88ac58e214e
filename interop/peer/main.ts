/**
 * A BGP peer that does what it is told, run inside a namespace. Its orders are JSON lines on stdin, what it sees are JSON lines on stdout.
 * By itself it answers OPEN with OPEN and KEEPALIVE and keeps the session alive; everything else, right or wrong, is sent as given.
 */
import { createServer, connect as dial, type Socket } from 'node:net'
import { createInterface } from 'node:readline'
import { keepalive, MESSAGE, open } from './octets.ts'
import type { Order, PeerSettings, Sight } from './orders.ts'

const settings = JSON.parse(process.argv[2]!) as PeerSettings
const say = (sight: Sight): void => void process.stdout.write(`${JSON.stringify(sight)}\n`)

let socket: Socket | undefined
let pending = Buffer.alloc(0)
let established = false
let keepaliveTimer: NodeJS.Timeout | undefined

/** Keeps the session alive at a third of the shorter hold time of both OPENs; the other side's stands at octet 22. */
function keepAlive(peerOpen: Buffer): void {
  clearInterval(keepaliveTimer)
  const holdTimeSeconds = Math.min(settings.holdTimeSeconds, peerOpen.readUInt16BE(22))
  if (holdTimeSeconds > 0) keepaliveTimer = setInterval(() => socket?.write(keepalive()), (holdTimeSeconds / 3) * 1000)
}

function receive(octets: Buffer): void {
  const type = octets[18]!
  say({ saw: 'message', type, hex: octets.toString('hex') })
  if (settings.silent === true) return
  if (type === MESSAGE.open) {
    socket?.write(keepalive())
    keepAlive(octets)
  }
  if (type === MESSAGE.keepalive && !established) {
    established = true
    say({ saw: 'established' })
  }
}

function attend(connection: Socket): void {
  socket = connection
  established = false
  pending = Buffer.alloc(0)
  connection.setNoDelay(true)
  say({ saw: 'connected' })
  if (settings.silent !== true) connection.write(open(settings.asn, settings.routerId, settings.holdTimeSeconds))
  connection.on('data', (chunk: Buffer) => {
    pending = Buffer.concat([pending, chunk])
    while (pending.length >= 19) {
      const length = pending.readUInt16BE(16)
      if (pending.length < length) break
      receive(pending.subarray(0, length))
      pending = pending.subarray(length)
    }
  })
  connection.on('error', (error) => say({ saw: 'error', why: error.message }))
  connection.on('close', () => {
    if (socket === connection) socket = undefined
    say({ saw: 'closed' })
  })
}

if (settings.listen === true) {
  const server = createServer(attend)
  server.listen({ host: settings.local, port: settings.port }, () => say({ saw: 'listening' }))
} else {
  const connection: Socket = dial({ host: settings.remote, port: settings.port, localAddress: settings.local }, () => attend(connection))
  connection.on('error', (error) => {
    if (socket === undefined) say({ saw: 'refused', why: error.message })
  })
}

createInterface({ input: process.stdin })
  .on('line', (line) => {
    const order = JSON.parse(line) as Order
    if (order.do === 'send') socket?.write(Buffer.from(order.hex, 'hex'))
    else socket?.destroy()
  })
  .on('close', () => process.exit(0))
