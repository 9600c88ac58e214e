/**
 * Socket options Node has no word for, and the sockets that need them before they connect or listen: TCP MD5 signatures (RFC 2385) on Linux.
 * The foreign function module is loaded the first time a key is needed, and never otherwise.
 *
 * Structures are those of little-endian Linux, `linux/tcp.h`:
 *
 *     struct tcp_md5sig: sockaddr_storage (128) | flags (1) | prefix length (1) | key length (2) | ifindex (4) | key (80)
 *     struct sockaddr_in:  family (2) | port (2, network order) | address (4) | zero (8)
 *     struct sockaddr_in6: family (2) | port (2, network order) | flow (4) | address (16) | scope (4)
 */
import type net from 'node:net'
import { getSystemErrorName } from 'node:util'
import { put16 } from '../bytes/octets.ts'

/** A TCP MD5 key and whom it is for. */
export interface TcpKey {
  /** 4 or 16 octets. */
  readonly network: Uint8Array
  /** 32 or 128 for one peer; less for a range of them. */
  readonly prefixLength: number
  /** 1 to 80 octets. */
  readonly password: string
}

/** File descriptors of sockets. Every function throws an `Error` with the system's `code`. */
export interface SocketOptions {
  /** A TCP socket that neither connects nor listens yet; the caller closes it or gives it to Node. */
  open(ipv6: boolean): number
  bind(fd: number, address: Uint8Array, port: number): void
  /** IPv6 sockets only: leave IPv4 to others. */
  onlyIpv6(fd: number): void
  /** Sets or replaces a key. On an IPv6 socket the key of an IPv4 peer is given in mapped form. */
  setKey(fd: number, ipv6: boolean, key: TcpKey): void
  removeKey(fd: number, ipv6: boolean, key: Omit<TcpKey, 'password'>): void
  close(fd: number): void
}

const LONGEST_KEY = 80

const AF_INET = 2
const AF_INET6 = 10
const SOCK_STREAM = 1
const SOCK_NONBLOCK = 0o4000
const SOCK_CLOEXEC = 0o2000000
const SOL_SOCKET = 1
const SO_REUSEADDR = 2
const IPPROTO_TCP = 6
const TCP_MD5SIG = 14
const TCP_MD5SIG_EXT = 32
const MD5SIG_FLAG_PREFIX = 1
const IPPROTO_IPV6 = 41
const IPV6_V6ONLY = 26

const STORAGE = 128
const MD5SIG = {
  flags: STORAGE,
  prefixLength: STORAGE + 1,
  keyLength: STORAGE + 2,
  key: STORAGE + 8,
  size: STORAGE + 8 + LONGEST_KEY,
} as const

let loading: Promise<SocketOptions> | null = null

/** Loads the socket options; rejects, in words for the operator, where they cannot be had. */
export function socketOptions(): Promise<SocketOptions> {
  loading ??= load().catch((error: unknown) => {
    loading = null
    throw new Error(`TCP MD5 needs Linux and the koffi module: ${error instanceof Error ? error.message : String(error)}`)
  })
  return loading
}

/** The file descriptor of a Node socket or server; -1 when it has none (any more). The one inner part of Node that this room leans on. */
export function descriptorOf(owner: net.Socket | net.Server): number {
  const { _handle: handle } = owner as unknown as { readonly _handle?: { readonly fd?: number } | null }
  return handle?.fd ?? -1
}

/** An address as `bind` wants it. */
function socketAddress(address: Uint8Array, port: number): Uint8Array {
  const ipv6 = address.length === 16
  const out = new Uint8Array(ipv6 ? 28 : 16)
  out[0] = ipv6 ? AF_INET6 : AF_INET
  put16(out, 2, port)
  out.set(address, ipv6 ? 8 : 4)
  return out
}

/** `::ffff:a.b.c.d` for 4 octets. */
function mapped(address: Uint8Array): Uint8Array {
  if (address.length === 16) return address
  const out = new Uint8Array(16)
  out[10] = 0xff
  out[11] = 0xff
  out.set(address, 12)
  return out
}

/** The structure of a key; without a password, of its removal. The prefix length of a mapped range counts IPv4 bits. */
function signature(ipv6: boolean, { network, prefixLength }: Omit<TcpKey, 'password'>, key: Uint8Array): Uint8Array {
  const out = new Uint8Array(MD5SIG.size)
  out.set(socketAddress(ipv6 ? mapped(network) : network, 0), 0)
  if (prefixLength < network.length * 8) {
    out[MD5SIG.flags] = MD5SIG_FLAG_PREFIX
    out[MD5SIG.prefixLength] = prefixLength
  }
  out[MD5SIG.keyLength] = key.length
  out.set(key, MD5SIG.key)
  return out
}

async function load(): Promise<SocketOptions> {
  if (process.platform !== 'linux') throw new Error(`this is ${process.platform}`)
  const { default: koffi } = await import('koffi')
  // Without a name: the C library this process runs on.
  const libc = koffi.load(null)
  const socket = libc.func('int socket(int, int, int)')
  const bind = libc.func('int bind(int, const void *, uint32_t)')
  const setsockopt = libc.func('int setsockopt(int, int, int, const void *, uint32_t)')
  const close = libc.func('int close(int)')

  function checked(result: number, call: string): number {
    if (result >= 0) return result
    const code = getSystemErrorName(-koffi.errno())
    throw Object.assign(new Error(`${call}: ${code}`), { code })
  }
  function set(fd: number, level: number, option: number, value: Uint8Array, call: string): void {
    checked(setsockopt(fd, level, option, value, value.length), call)
  }
  const ON = Uint8Array.of(1, 0, 0, 0)

  return {
    open: (ipv6) => checked(socket(ipv6 ? AF_INET6 : AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0), 'socket'),
    bind(fd, address, port) {
      set(fd, SOL_SOCKET, SO_REUSEADDR, ON, 'SO_REUSEADDR')
      const name = socketAddress(address, port)
      checked(bind(fd, name, name.length), 'bind')
    },
    onlyIpv6: (fd) => set(fd, IPPROTO_IPV6, IPV6_V6ONLY, ON, 'IPV6_V6ONLY'),
    setKey(fd, ipv6, key) {
      const octets = new TextEncoder().encode(key.password)
      if (octets.length === 0 || octets.length > LONGEST_KEY)
        throw new Error(`a TCP MD5 key has 1 to ${LONGEST_KEY} octets, this one ${octets.length}`)
      const option = key.prefixLength < key.network.length * 8 ? TCP_MD5SIG_EXT : TCP_MD5SIG
      try {
        set(fd, IPPROTO_TCP, option, signature(ipv6, key, octets), 'TCP_MD5SIG')
      } catch (error) {
        throw explained(error)
      }
    },
    removeKey(fd, ipv6, key) {
      const option = key.prefixLength < key.network.length * 8 ? TCP_MD5SIG_EXT : TCP_MD5SIG
      set(fd, IPPROTO_TCP, option, signature(ipv6, key, new Uint8Array(0)), 'TCP_MD5SIG')
    },
    close(fd) {
      close(fd)
    },
  }
}

const KEY_ERRORS: Readonly<Record<string, string>> = {
  ENOPROTOOPT: 'this kernel has no TCP MD5 signatures (CONFIG_TCP_MD5SIG)',
  ENOMEM: 'the kernel has no room for more TCP MD5 keys on one socket (sysctl net.core.optmem_max)',
}

function explained(error: unknown): unknown {
  const code = error instanceof Error && 'code' in error ? String(error.code) : ''
  const words = KEY_ERRORS[code]
  return words === undefined ? error : Object.assign(new Error(words), { code })
}
