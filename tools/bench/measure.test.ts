import path from 'node:path'
import t from 'tap'
import { measure, ViolationError, type MeasureDeps } from './measure.ts'
import type { PlannedRun } from './plan.ts'
import type { Shop } from './shop.ts'

const shop: Shop = {
  ...{ url: 'http://localhost:1', databaseUrl: '', natsUrl: '', jwtSecret: '' },
  ...{
    node: [process.pid],
    postgres: undefined,
    nats: undefined,
    sandbox: undefined,
    productIds: [],
    tokens: [],
    bare: undefined,
  },
  reads: { product: [], page: [], search: [], 'own orders': [] },
}

const plan: PlannedRun = {
  ...{ scenario: 'reads', name: 'product', serves: 'shop', per: 'request', isAudited: true },
  work: ({ url }) => ({ kind: 'reads', url, users: 1, requests: [], warmupSeconds: 0, seconds: 1 }),
}

const deps: MeasureDeps = {
  workerProgram: path.resolve('tools/bench/testing/stub-worker.ts'),
  progress: { during: (_name, work) => work(() => {}) },
  audit: async () => [],
  onClose: () => {},
}

t.test('a run whose audit is clean gives numbers', async (t) => {
  const run = await measure(deps, shop, plan, 'reads')
  t.match(run, { scenario: 'reads', name: 'product', measured: { done: 10 } })
  t.ok(run.memoryMb.node > 10)
})

t.test('a run with a violation gives no numbers, only the violation', async (t) => {
  const audit = async (): Promise<readonly string[]> => ['stock-and-ledger: 1 violations']
  const failure = await measure({ ...deps, audit }, shop, plan, 'reads').catch((err: unknown) => err)
  t.ok(failure instanceof ViolationError)
  t.match(failure, { message: 'reads: stock-and-ledger: 1 violations' })
})

t.test('a check of its own that fails is a violation too', async (t) => {
  const check = async (): Promise<string> => '400 buyers of 60 units: 61 confirmed'
  await t.rejects(measure(deps, shop, { ...plan, check }, 'the sale'), {
    message: 'the sale: 400 buyers of 60 units: 61 confirmed',
  })
})
