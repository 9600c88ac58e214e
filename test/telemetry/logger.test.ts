import { expect, test } from 'vitest'
import { createLogger } from '../../src/telemetry/logger.ts'
import { logSessionChange } from '../../src/telemetry/session-change.ts'

async function captured(pretty = false) {
  const lines: string[] = []
  const stream = { write: (line: string) => void lines.push(line) }
  return { lines, logger: await createLogger({ name: 'ams-1', level: 'info' }, { stream, pretty, colour: false }) }
}

test('a line is JSON with the name, the level in words and the fields', async () => {
  const { lines, logger } = await captured()
  logger.info({ peer: 'leaf1' }, 'session up')
  expect(JSON.parse(lines.join(''))).toMatchObject({ level: 'info', name: 'ams-1', peer: 'leaf1', msg: 'session up' })
})

test('for a person a line is text with its fields, and without what is the same in all', async () => {
  const { lines, logger } = await captured(true)
  logger.warn({ peer: 'leaf1' }, 'session down')
  expect(lines.join('')).toMatch(/^\[\d\d:\d\d:\d\d\.\d{3}\] WARN: session down \{"peer":"leaf1"\}\n$/)
})

test('a password is censored wherever it stands in settings', async () => {
  const { lines, logger } = await captured()
  logger.info({ password: 'hunter2', peer: { password: 'hunter2' }, speaker: { peers: [{ password: 'hunter2' }] } }, 'settings')
  expect(lines.join('')).not.toContain('hunter2')
  expect(lines.join('')).toContain('"peer":{"password":"(secret)"}')
})

test('lines below the level are not written', async () => {
  const { lines, logger } = await captured()
  logger.debug('quiet')
  expect(lines).toEqual([])
})

test('a session that goes down is a warning with its reason; a step on the way is not news (RFC 4271 §8.2.2)', async () => {
  const { lines, logger } = await captured()
  const peer = { peer: 'leaf1', address: '192.0.2.11', asn: 65001 }
  logSessionChange(logger, { ...peer, from: 'Active', to: 'OpenSent', why: null })
  logSessionChange(logger, { ...peer, from: 'OpenConfirm', to: 'Established', why: null })
  logSessionChange(logger, { ...peer, from: 'Established', to: 'Idle', why: 'hold timer expired' })
  expect(lines.map((line) => JSON.parse(line))).toMatchObject([
    { level: 'info', msg: 'session up', to: 'Established' },
    { level: 'warn', msg: 'session down', from: 'Established', why: 'hold timer expired' },
  ])
})
