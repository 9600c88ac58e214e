import { expect, test } from 'vitest'
import { formatErrors } from '../../../src/cli/show/error-view.ts'
import { exampleSource } from '../../api/example-source.ts'

const errors = exampleSource().errors()

test('an error is shown with its time, peer, reach and reason, and the message field by field', () => {
  const text = formatErrors(errors)
  expect(text).toContain('1 older ones are no longer kept')
  expect(text).toContain('2026-01-02T03:04:05.000Z leaf1 (192.0.2.11) treat-as-withdraw: ORIGIN value 9')
  expect(text).toMatch(/UPDATE, 27 octets/)
  expect(text).toMatch(/origin/i)
})
