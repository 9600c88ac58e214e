/**
 * `fednva decode` beside `tshark -V` on one large capture: `node test/bench/decode-beside-tshark.ts [megabytes]`. The capture is made of those in
 * `test/captures`, again and again with other addresses, ports and times, in a folder that goes afterwards. Needs tshark and GNU time.
 */
import { execFileSync } from 'node:child_process'
import { appendFileSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

const root = new URL('../../', import.meta.url).pathname
const megabytes = Number(process.argv[2] ?? 100)

const FILE_HEADER = 24
const RECORD_HEADER = 16
const ETHERNET = 14
const BGP = 179

/** The TCP over IPv4 packets of all captures, records as they are; all are little-endian, in microseconds, of Ethernet. */
function records(): { readonly file: number; readonly octets: Buffer; readonly seconds: number }[] {
  const folder = join(root, 'test/captures')
  return readdirSync(folder)
    .filter((name) => name.endsWith('.pcap'))
    .flatMap((name, file) => {
      const octets = readFileSync(join(folder, name))
      const found = []
      for (let at = FILE_HEADER; at < octets.length; at += RECORD_HEADER + octets.readUInt32LE(at + 8)) {
        const packet = at + RECORD_HEADER
        if (octets.readUInt16BE(packet + 12) !== 0x0800 || octets[packet + ETHERNET + 9] !== 6) continue
        const seconds = octets.readUInt32LE(at) - octets.readUInt32LE(FILE_HEADER)
        found.push({ file, seconds, octets: octets.subarray(at, packet + octets.readUInt32LE(at + 8)) })
      }
      return found
    })
}

/** One more round of all packets, as if other speakers a minute later had said the same. */
function round(all: ReturnType<typeof records>, number: number): Buffer {
  const out = Buffer.concat(all.map(({ octets }) => octets))
  let at = 0
  for (const { file, octets, seconds } of all) {
    const ip = at + RECORD_HEADER + ETHERNET
    const tcp = ip + (out[ip]! & 15) * 4
    out.writeUInt32LE(1_790_000_000 + 60 * number + seconds, at)
    for (const address of [ip + 12, ip + 16]) {
      out[address + 1] = (out[address + 1]! + 7 * number) & 0xff
      out[address + 2]! ^= file
    }
    for (const port of [tcp, tcp + 2]) {
      const was = out.readUInt16BE(port)
      if (was !== BGP) out.writeUInt16BE(1024 + ((was + 13 * (number >>> 8)) % 60_000), port)
    }
    at += octets.length
  }
  return out
}

function measure(name: string, command: readonly string[]): number {
  const errors = join(folder, 'errors')
  execFileSync('sh', ['-c', '"$@" > /dev/null 2> "$0"', errors, '/usr/bin/time', '-f', '%U %e %M', ...command])
  const [user, wall, kilobytes] = readFileSync(errors, 'utf8').trim().split('\n').at(-1)!.split(' ').map(Number)
  console.log(`${name}: ${user} s of CPU, ${wall} s, ${Math.round(kilobytes! / 1024)} MiB at most`)
  return user!
}

const folder = mkdtempSync(join(tmpdir(), 'fednva-bench-'))
try {
  const file = join(folder, 'large.pcap')
  const all = records()
  writeFileSync(file, readFileSync(join(root, 'test/captures/frr-session-start.pcap')).subarray(0, FILE_HEADER))
  for (let number = 0, size = 0; size < megabytes * 1e6; number++) {
    const octets = round(all, number)
    appendFileSync(file, octets)
    size += octets.length
  }
  const theirs = measure('tshark -V    ', ['tshark', '-V', '-r', file])
  const ours = measure('fednva decode', [process.execPath, join(root, 'src/cli/fednva.js'), 'decode', file])
  console.log(`ratio ${(ours / theirs).toFixed(2)}`)
} finally {
  rmSync(folder, { recursive: true })
}
