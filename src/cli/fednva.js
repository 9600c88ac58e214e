#!/usr/bin/env node
// Starts fednva: from the sources where they are (no build step), else from what was built for publishing. An older Node hands over to the one that
// "npm ci" has brought, if there is one.
import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import module from 'node:module'
import { constants } from 'node:os'
import { fileURLToPath } from 'node:url'

const EX_CONFIG = 78 // sysexits.h

/**
 * How V8 runs an NVA, which allocates little and compiles nearly everything in its self-test: a small young generation, no compiler threads with memory
 * of their own (together a third of the memory of 100,000 routes), no garbage collection because of the first 64 MiB, but one when the self-test asks for
 * it, so that routes fill the memory it leaves behind. V8 takes these only at its start.
 */
const NVA_FLAGS = ['--max-semi-space-size=1', '--no-concurrent-recompilation', '--initial-old-space-size=64', '--expose-gc']

const flags = process.argv[2] === 'run' && !process.execArgv.includes(NVA_FLAGS[0]) ? NVA_FLAGS : []
const here = fileURLToPath(import.meta.url)
const rest = process.argv.slice(2)

async function start() {
  module.enableCompileCache?.()
  const source = new URL('./main.ts', import.meta.url)
  const { main } = await import(existsSync(source) ? source.href : new URL('../../dist/cli/main.js', import.meta.url).href)
  process.exitCode = await main(rest)
}

function handOver(node) {
  const child = spawn(node, [...flags, here, ...rest], { stdio: 'inherit' })
  // Ctrl-C reaches the child by itself, being in the same terminal; what a program sends to this process alone does not. It takes two at once for one.
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal))
  child.on('exit', (code, signal) => {
    process.exitCode = code ?? 128 + constants.signals[signal]
  })
}

if (Number(process.versions.node.split('.')[0]) >= 24) {
  // The same process goes on as another program: who started it sees no difference. Where that cannot be, it goes on as it is.
  if (flags.length > 0 && process.execve !== undefined && process.platform !== 'win32')
    process.execve(process.execPath, [process.execPath, ...flags, ...process.execArgv, here, ...rest], process.env)
  await start()
} else {
  const brought = fileURLToPath(new URL('../../node_modules/.bin/node', import.meta.url))
  if (existsSync(brought)) handOver(brought)
  else {
    console.error(`fednva needs Node 24 or newer, and this is ${process.version}; "npm ci" in its folder brings one`)
    process.exit(EX_CONFIG)
  }
}
