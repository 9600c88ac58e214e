/**
 * The API of one process: JSON over HTTP on a Unix socket. It owns nothing; it asks its source. An NVA that nobody asks anything does without HTTP: what
 * speaks it is loaded for the first connection, which waits meanwhile.
 */
import type { Server as HttpServer } from 'node:http'
import { createServer, type Socket } from 'node:net'
import { type Parsed, parsed } from '../address/parsed.ts'
import type { ApiOptions } from './http.ts'
import { listenOnSocket } from './socket-file.ts'
import type { ApiSource } from './source.ts'

export interface ApiServer {
  readonly socket: string
  /** Stops answering and removes the socket. */
  close(): Promise<void>
}

/** Serves `source` on the Unix socket at `path`. Not ok: what is in the way there. */
export async function startApi(source: ApiSource, path: string, options: ApiOptions = {}): Promise<Parsed<ApiServer>> {
  const open = new Set<Socket>()
  let http: Promise<HttpServer> | null = null
  const door = createServer({ allowHalfOpen: true, pauseOnConnect: true }, (socket) => {
    open.add(socket)
    socket.on('close', () => open.delete(socket))
    // Somebody who is gone again before he is heard is no fault.
    socket.on('error', () => {})
    http ??= load(source, options)
    http.then(
      (server) => {
        if (socket.destroyed) return
        server.emit('connection', socket)
        socket.resume()
      },
      (error: Error) => {
        options.failed?.(error, '')
        socket.destroy()
      },
    )
  })
  const listening = await listenOnSocket(door, path)
  if (!listening.ok) return listening
  return parsed({
    socket: path,
    close: () =>
      new Promise((resolve) => {
        door.close(() => resolve())
        for (const socket of open) socket.destroy()
      }),
  })
}

async function load(source: ApiSource, options: ApiOptions): Promise<HttpServer> {
  const { httpServer } = await import('./http.ts')
  return httpServer(source, options)
}
