#!/usr/bin/env node
// Starts fednva: from the sources where they are (no build step), else from what was built for publishing. An older Node hands over to the one that
// "npm ci" has brought, if there is one.
import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import module from 'node:module'
import { fileURLToPath } from 'node:url'

const EX_CONFIG = 78 // sysexits.h

async function start() {
  module.enableCompileCache?.()
  const source = new URL('./main.ts', import.meta.url)
  const { main } = await import(existsSync(source) ? source.href : new URL('../../dist/cli/main.js', import.meta.url).href)
  process.exitCode = await main(process.argv.slice(2))
}

function handOver(node) {
  const child = spawn(node, [fileURLToPath(import.meta.url), ...process.argv.slice(2)], { stdio: 'inherit' })
  // Ctrl-C reaches the child by itself, being in the same terminal; this process only must not end before it.
  process.on('SIGINT', () => {})
  for (const signal of ['SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal))
  child.on('exit', (code, signal) => {
    process.exitCode = code ?? 128 + (signal === 'SIGKILL' ? 9 : 15)
  })
}

if (Number(process.versions.node.split('.')[0]) >= 24) await start()
else {
  const brought = fileURLToPath(new URL('../../node_modules/.bin/node', import.meta.url))
  if (existsSync(brought)) handOver(brought)
  else {
    console.error(`fednva needs Node 24 or newer, and this is ${process.version}; "npm ci" in its folder brings one`)
    process.exit(EX_CONFIG)
  }
}
