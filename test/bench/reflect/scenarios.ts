/** What is done to a reflector: the scenarios of the benchmark, as sizes for the load generator and phases. */
import type { LoadOptions } from '../load/evpnload.ts'

export interface Scenario {
  /** For people. */
  readonly title: string
  readonly load: LoadOptions
  readonly phases: readonly string[]
}

/** 10 senders of 10,000 routes, which most have in common. The senders are clients too: they are sent all that is not theirs. */
const TEN = { senders: 10, routes: 10_000, vnis: 100 }
const MILLION = { senders: 20, routes: 50_000, vnis: 200, timeout: 240 }
const CHANGES = { churn: 10, 'lat-n': 200, 'lat-ms': 20 }

export const SCENARIOS: Readonly<Record<string, Scenario>> = {
  tiny: {
    title: '4,000 routes, 8 sessions',
    load: { senders: 4, receivers: 4, routes: 1000, vnis: 20 },
    phases: ['initial'],
  },
  small: {
    title: '20,000 routes, 8 sessions',
    load: { senders: 4, receivers: 4, routes: 5000, vnis: 50 },
    phases: ['initial'],
  },
  medium: { title: '100,000 routes, 30 sessions', load: { ...TEN, receivers: 20 }, phases: ['initial'] },
  large: { title: '1,000,000 routes, 24 sessions', load: { ...MILLION, receivers: 4 }, phases: ['initial'] },
  fanout: {
    title: '20,000 routes to 200 receivers',
    load: { senders: 1, receivers: 200, routes: 20_000, vnis: 100 },
    phases: ['initial'],
  },
  unpacked: { title: '100,000 routes, an UPDATE for each', load: { ...TEN, receivers: 4, npu: 1 }, phases: ['initial'] },
  sparse: { title: '100,000 routes, 2 per attribute set', load: { ...TEN, receivers: 20, vnis: 2500 }, phases: ['initial'] },
  sharedrd: {
    title: '100,000 routes in RDs that all share',
    load: { ...TEN, receivers: 20, 'shared-rd': true },
    phases: ['initial', 'churn', 'move'],
  },
  latejoin1: { title: '1 joins late, 100,000 routes', load: { ...TEN, receivers: 4, late: 1 }, phases: ['initial', 'latejoin'] },
  latejoin: { title: '20 join late at once, 100,000 routes', load: { ...TEN, receivers: 4, late: 20 }, phases: ['initial', 'latejoin'] },
  latelarge: { title: '4 join late, 1,000,000 routes', load: { ...MILLION, receivers: 1, late: 4 }, phases: ['initial', 'latejoin'] },
  ops: {
    title: '100,000 routes, 50 sessions, a day in a minute',
    load: { ...TEN, receivers: 20, late: 20, ...CHANGES },
    phases: ['initial', 'idle', 'latejoin', 'churn', 'attr', 'move', 'latency', 'peerloss'],
  },
  tinyops: {
    title: '4,000 routes, 12 sessions, a day in a minute',
    load: { senders: 4, receivers: 4, routes: 1000, vnis: 20, late: 4, ...CHANGES },
    phases: ['initial', 'idle', 'latejoin', 'churn', 'attr', 'move', 'latency', 'peerloss'],
  },
  stalled: {
    title: '4 never read while 100,000 routes change 10 times; the other 8',
    load: { ...TEN, receivers: 8, stall: 4, churn: 100 },
    phases: ['initial', ...Array<string>(10).fill('attr')],
  },
}

/** Those of the targets, and one small enough for GoBGP. */
export const DEFAULT_SCENARIOS = [
  'tiny',
  'small',
  'medium',
  'large',
  'fanout',
  'unpacked',
  'sparse',
  'latejoin1',
  'latejoin',
  'latelarge',
  'ops',
  'stalled',
]

export const QUICK_SCENARIOS = ['tiny', 'small', 'medium', 'latejoin1']
