import { describe, expect, test } from 'vitest'
import { obey } from '../../../src/daemon/edge/edge-commands.ts'
import { TwoDomains } from '../../sim/two-domains.ts'

const MAC = '02:00:00:00:01:01'

function pair() {
  const world = new TwoDomains(1).startAll(['ams', 'a1', 'a2'])
  world.until(() => world.allUp)
  return { world, a1: world.edge('a1'), a2: world.edge('a2') }
}

describe('commands of an edge', () => {
  test('attach, tenants and detach tell what is so', () => {
    const { a1 } = pair()
    expect(obey(a1, `attach web ${MAC} 10.1.0.1`)).toMatchObject({
      ok: true,
      lines: [`${MAC} with 10.1.0.1 attached, VN web, sequence 0`],
      value: { tenant: { vn: 'web', mac: MAC, ips: ['10.1.0.1'], sequence: 0 } },
    })
    expect(obey(a1, 'tenants')).toMatchObject({ ok: true, lines: [`web  ${MAC}  10.1.0.1  sequence 0`] })
    expect(obey(a1, ` detach  web ${MAC.toUpperCase()} `)).toMatchObject({ ok: true })
    expect(obey(a1, 'tenants')).toMatchObject({ ok: true, lines: ['nothing is attached here'], value: { tenants: [] } })
  })

  test('table shows the mappings of one VN or of all', () => {
    const { world, a1, a2 } = pair()
    obey(a1, `attach web ${MAC} 10.1.0.1`)
    world.until(() => a2.table.find('web', MAC) !== null)
    expect(obey(a2, 'table web')).toMatchObject({
      ok: true,
      lines: ['web: flood to 192.0.2.11', `  ${MAC}  10.1.0.1  behind 192.0.2.11 vni 10100  sequence 0`],
    })
    expect(obey(a2, 'table')).toMatchObject({ ok: true, value: { vns: [{ vn: 'web' }, { vn: 'vault', mappings: [] }] } })
  })

  test('peers shows the state of the sessions', () => {
    expect(obey(pair().a1, 'peers')).toMatchObject({
      ok: true,
      value: { peers: [{ name: '192.0.2.1', asn: 65001, state: 'Established' }] },
    })
  })

  test.each([
    ['fly', 'found "fly", expected one of attach'],
    ['constructor', 'found "constructor"'],
    ['attach web', 'found 1 words after attach, expected attach VN MAC [IP]'],
    ['table db', 'this edge has no VN "db"'],
    [`detach web ${MAC}`, 'is not attached to web here'],
  ])('"%s" is answered with what was expected', (line, why) => {
    expect(obey(pair().a1, line)).toMatchObject({ ok: false, why: expect.stringContaining(why) })
  })

  test('an empty line is no command', () => {
    expect(obey(pair().a1, '  ')).toBeNull()
  })
})
