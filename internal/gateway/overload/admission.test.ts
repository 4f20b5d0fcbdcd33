import t from 'tap'
import { systemCall } from '../../platform/call.ts'
import { eventually } from '../../platform/testing/eventually.ts'
import { openAdmission } from './admission.ts'
import { fakeServices, ids } from '../testing/fake-services.ts'
import { limitWork, type AdmittedCall } from './limit-work.ts'
import { endpoints, type EndpointDeps } from '../endpoints.ts'
import { trafficOf } from './traffic.ts'

const none = { underWay: 100, loopDelayMs: 10_000 }
const two = { underWay: 2, loopDelayMs: 10_000 }
const call = systemCall('test')
const never = new Promise<never>(() => undefined)
const soon = (): Promise<void> => new Promise((resolve) => setImmediate(() => setImmediate(resolve)))

t.test('so many are worked on at once, and no more', async (t) => {
  const admission = openAdmission({ orders: two, credentials: none, others: none })
  t.teardown(admission.stop)
  for (const _ of [1, 2]) {
    t.ok(admission.admits('orders'))
    void admission.during('orders', () => never)
  }
  t.notOk(admission.admits('orders'))
  t.ok(admission.admits('others'), 'reading goes on')
  t.ok(admission.admits('operations'))
  await t.rejects(
    admission.during('orders', async () => 1),
    { kind: 'unavailable', code: 'overloaded' },
  )
  t.match(admission.counts(), [{ traffic: 'orders', underWay: 2, refused: 2 }])
})

t.test('a burst within one turn does not take the same place twice', async (t) => {
  const admission = openAdmission({ orders: two, credentials: none, others: none })
  t.teardown(admission.stop)
  t.same(
    [1, 2, 3, 4].map(() => admission.admits('orders')),
    [true, true, false, false],
  )
  await soon()
  t.ok(admission.admits('orders'), 'those who have not come to work by then hold nothing')
})

t.test('what gives way does so while its kind is refused, and is no reason to refuse others', async (t) => {
  const admission = openAdmission({ orders: two, credentials: none, others: none })
  t.teardown(admission.stop)
  t.ok(admission.admits('orders', { givesWay: true }), 'nobody is refused')
  t.ok(admission.admits('orders'))
  t.notOk(admission.admits('orders'))
  await soon()
  t.notOk(admission.admits('orders', { givesWay: true }), 'there is room again, for others')
  t.ok(admission.admits('others', { givesWay: true }), 'another kind')
  t.ok(admission.admits('operations', { givesWay: true }))
  let gaveWay = 1
  await eventually('it is forgotten', async () => {
    if (admission.isOverloaded() && !admission.admits('orders', { givesWay: true })) gaveWay++
    return !admission.isOverloaded()
  })
  t.ok(gaveWay > 1)
  t.ok(admission.admits('orders', { givesWay: true }))
  t.match(admission.counts(), [{ traffic: 'orders', refused: 1 + gaveWay }])
})

t.test('a place is free again however the work ends', async (t) => {
  const admission = openAdmission({ orders: two, credentials: none, others: none })
  t.teardown(admission.stop)
  await admission.during('orders', async () => 1)
  await t.rejects(
    admission.during('orders', async () => {
      throw new Error('broken')
    }),
    { message: 'broken' },
  )
  t.match(admission.counts(), [{ traffic: 'orders', underWay: 0, refused: 0 }])
})

t.test('an event loop that stands late refuses, and a single pause does not', async (t) => {
  const admission = openAdmission({
    orders: none,
    credentials: none,
    others: { underWay: 100, loopDelayMs: 30 },
  })
  t.teardown(admission.stop)
  const busy = (ms: number): void => {
    for (const until = performance.now() + ms; performance.now() < until;);
  }
  await new Promise((resolve) => setTimeout(resolve, 100))
  busy(200)
  await soon()
  t.ok(admission.admits('others'))
  // Each turn takes 80 ms, and together they last longer than the window.
  for (let turn = 0; turn < 30; turn++) {
    busy(80)
    await new Promise((resolve) => setTimeout(resolve, 0))
  }
  const admitted = Array.from({ length: 80 }, () => admission.admits('others')).filter(Boolean)
  t.equal(admitted.length, 10, 'one of eight gets in, lest nobody does for as long as a flood lasts')
  t.ok(admission.admits('orders'), 'orders come before reading')
  await new Promise((resolve) => setTimeout(resolve, 600))
  t.ok(admission.admits('others'), 'and it is over when it is over')
})

t.test('waiting for a decision holds no place; placing does', async (t) => {
  const admission = openAdmission({ orders: two, credentials: none, others: none })
  t.teardown(admission.stop)
  const slow = fakeServices({ orders: { placeOrder: () => never, getOrder: () => never } })
  const { orders } = limitWork(admission, { orders: slow.orders })
  const placing: AdmittedCall = { ...call, admission: 'orders' }
  void orders.placeOrder({ items: [], idempotencyKey: '' }, placing)
  void orders.getOrder({ id: ids.order }, call)
  t.match(admission.counts(), [
    { traffic: 'orders', underWay: 1 },
    { traffic: 'credentials', underWay: 0 },
    { traffic: 'others', underWay: 1 },
  ])
})

/** The classes that the endpoints declare. None of the endpoints is called here. */
const traffic = trafficOf(endpoints({} as EndpointDeps))

for (const [method, url, expected] of [
  ['POST', '/orders', 'orders'],
  ['POST', '/orders/1/cancel', 'orders'],
  ['PATCH', '/orders/1', 'orders'],
  ['PUT', '/orders/1', 'others'],
  ['GET', '/orders', 'others'],
  ['GET', '/products', 'others'],
  ['POST', '/users/login', 'credentials'],
  ['POST', '/users/register', 'credentials'],
  ['GET', '/livez', 'operations'],
  ['GET', '/readyz', 'operations'],
  ['GET', '/metrics', 'operations'],
  ['GET', '/metrics?all', 'others'],
] as const) {
  t.test(`${method} ${url} belongs to ${expected}`, (t) => {
    t.equal(traffic(method, url), expected)
    t.end()
  })
}
