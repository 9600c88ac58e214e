import { expect, test } from 'vitest'
import { formatProblem } from '../../../src/config/file/problem.ts'
import { readYaml } from '../../../src/config/file/yaml-source.ts'

function problemsOf(text: string): string[] {
  return readYaml(text, 'f.yaml').problems.map(formatProblem)
}

test('a duplicate key is named with its second place', () => {
  expect(problemsOf('vns:\n  web: 1\n  web: 2\n')).toEqual(['f.yaml:3:3: found the key web a second time, expected each key once in a map'])
})

test('a tab, an open bracket and a second document have words of their own', () => {
  expect(problemsOf('a:\n\tb: 1\n')).toEqual(['f.yaml:2:1: found a tab, expected spaces for indentation'])
  expect(problemsOf('a: [1,\nb: 2\n')[0]).toMatch(/^f\.yaml:2:1: found wrong indentation or a bracket that is not closed/)
  expect(problemsOf('a: 1\n---\nb: 2\n')).toEqual(['f.yaml:2:1: found a second document (---), expected one document'])
})

test('a complaint never quotes the text of the file', () => {
  expect(problemsOf('password: "hunter" two\n').join()).not.toMatch(/hunter|two/)
})

test('an alias without an anchor is named', () => {
  expect(problemsOf('a: *leaf\n')).toEqual(['f.yaml:1:4: found *leaf, expected an alias of an anchor that stands before it'])
})

test('aliases that multiply without bound are refused', () => {
  const lines = ['a: &a [x, x, x, x, x, x, x, x, x, x]']
  for (const [to, from] of ['ba', 'cb', 'dc', 'ed']) lines.push(`${to}: &${to} [${Array(10).fill(`*${from}`).join(', ')}]`)
  expect(problemsOf(lines.join('\n'))).toEqual(['f.yaml:1:1: found aliases that multiply without bound, expected at most 100 of them'])
})

test('anchors and merge keys are read, and places are those of the anchor', () => {
  const { source } = readYaml('x: &x { port: 1 }\ny: { <<: *x, z: 2 }\nw: *x\n', 'f.yaml')
  expect(source?.value).toEqual({ x: { port: 1 }, y: { port: 1, z: 2 }, w: { port: 1 } })
  expect(source?.locate(['y', 'port'], 'value')).toEqual({ line: 1, column: 15 })
  expect(source?.locate(['w', 'port'], 'key')).toEqual({ line: 1, column: 9 })
})

test('places are those of keys, values and list members, or of the nearest around them', () => {
  const { source } = readYaml('a:\n  b: [10, 20]\n', 'f.yaml')
  expect(source?.locate(['a', 'b'], 'key')).toEqual({ line: 2, column: 3 })
  expect(source?.locate(['a', 'b'], 'value')).toEqual({ line: 2, column: 6 })
  expect(source?.locate(['a', 'b', 1], 'value')).toEqual({ line: 2, column: 11 })
  expect(source?.locate(['a', 'nothing'], 'value')).toEqual({ line: 1, column: 1 })
})

test('keys that are no names and unknown tags are refused', () => {
  expect(problemsOf('a: 1\n? [b, c]\n: 2\n')).toEqual(['f.yaml:2:3: found a key that is no name, expected a text as the key'])
  expect(problemsOf('vns:\n  __proto__: { vni: 1 }\n')).toEqual(['f.yaml:2:3: found a key that is no name, expected a text as the key'])
  expect(problemsOf('a: !secret 3\n')).toEqual(['f.yaml:1:4: found an unknown tag (!), expected a plain value'])
})
