#!/usr/bin/env node
// Starts fednva: from the sources where they are (no build step), else from what was built for publishing.
import { existsSync } from 'node:fs'
import module from 'node:module'

const EX_CONFIG = 78 // sysexits.h

if (Number(process.versions.node.split('.')[0]) < 24) {
  console.error(`fednva needs Node 24 or newer, and this is ${process.version}. After "npm ci", "npm run fednva -- ..." brings its own.`)
  process.exit(EX_CONFIG)
}
module.enableCompileCache?.()
const source = new URL('./main.ts', import.meta.url)
const { main } = await import(existsSync(source) ? source.href : new URL('../../dist/cli/main.js', import.meta.url).href)
process.exitCode = await main(process.argv.slice(2))
