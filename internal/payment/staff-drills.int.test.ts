import t, { type Test } from 'tap'
import { newId } from '../platform/new-id.ts'
import { testDatabase } from '../platform/testing/database.ts'
import { awaitsStaff } from './domain/account.ts'
import type { OrderId, RefundId } from './domain/ids.ts'
import { admin, customer, newOrderId, system } from './testing/fixtures.ts'
import { compareCents, openPayments, type Payments } from './testing/open-payments.ts'

const open = async (t: Test) => openPayments(t, (await testDatabase(t)).url)
const line = { lineId: newId(), quantity: 4, totalMinor: 10_000n, short: 0, returned: 0 }
const owing = (orderId: OrderId) => ({
  ...{ orderId, userId: undefined, dueMinor: 10_000n, currency: 'EUR', lines: [line] },
})
const atBank = (orderId: OrderId, reference: string) => ({
  ...owing(orderId),
  ...{ reference, amountMinor: undefined },
})
const canceled = (orderId: OrderId) =>
  ({ orderId, reason: 'canceled', refund: 'full', keepMinor: 0n }) as const
const listed = async ({ app }: Payments, limit = 50) =>
  (await app.listRefunds({ status: undefined, after: undefined, limit }, admin())).refunds
const noCentDiffers = async (t: Test, payments: Payments) => {
  const { ours, theirs } = await compareCents(payments)
  t.strictSame(ours, theirs, 'no cent differs')
}

t.test(
  'goods that are told of by sixteen at once are refunded once, and old news changes nothing',
  async (t) => {
    const { url } = await testDatabase(t)
    const one = openPayments(t, url)
    const other = openPayments(t, url, one)
    const orderId = newOrderId()
    await one.begin({ ...owing(orderId) })
    await one.drain()
    const told = (short: number, returned: number) => ({
      ...owing(orderId),
      ...{ lines: [{ ...line, short, returned }], reason: 'goods came back', keepMinor: undefined },
    })
    await Promise.all(
      Array.from({ length: 16 }, (_, n) =>
        (n % 2 ? one : other).app.creditGoods(told(1, n % 3 === 0 ? 0 : 1), system),
      ),
    )
    await Promise.all([one.drain(), other.drain()])
    t.match(await one.amounts(orderId), { refundedMinor: 5_000n, creditedMinor: 5_000n, pendingMinor: 0n })
    t.match((await one.account(orderId)).gate.lines, [{ shortMinor: 2_500n, returnedMinor: 2_500n }])
    await one.app.creditGoods(told(0, 0), system)
    await one.app.creditGoods(told(1, 3), system)
    await one.drain()
    t.match(await one.amounts(orderId), { refundedMinor: 10_000n, pendingMinor: 0n })
    const subjects = (await one.events(orderId)).map(({ subject }) => subject)
    t.ok(subjects.includes('payment.due_changed'))
    t.equal((await one.account(orderId)).gate.version, subjects.length)
    await noCentDiffers(t, one)
    await t.rejects(one.app.creditGoods(told(1, 3), admin()), { code: 'auth.forbidden' })
  },
)

t.test('goods of an order of which nothing is known yet are not charged later', async (t) => {
  const payments = await open(t)
  const orderId = newOrderId()
  const lines = [{ ...line, short: 1 }]
  const goods = { ...owing(orderId), lines, reason: 'goods were not sent', keepMinor: undefined }
  t.strictSame((await payments.app.creditGoods(goods, system)).refunds, [])
  t.equal((await payments.begin(owing(orderId))).payment.amountMinor, 7_500n)
})

t.test('money that came to the bank goes back by hand, once for each reference', async (t) => {
  const payments = await open(t)
  const orderId = newOrderId()
  await payments.app.recordOffline(atBank(orderId, 'bank-1'), system)
  await payments.app.closeGate(canceled(orderId), system)
  await payments.drain()
  t.strictSame(payments.reports, [], 'no provider is asked')
  const [waiting] = await listed(payments)
  t.match(waiting, { refund: { status: 'requested', amountMinor: 10_000n } })
  t.ok(awaitsStaff(waiting!.account, waiting!.refund))
  const { id } = waiting!.refund
  t.same(await payments.staffList.waiting(), { refunds: 1, suspense: 0 })
  await t.rejects(payments.app.settleRefund(id, 'back-1', customer()), { code: 'auth.forbidden' })
  await t.rejects(payments.app.repeatRefund(id, admin()), { code: 'refund.not-failed' })
  for (let n = 0; n < 2; n++)
    t.match((await payments.app.settleRefund(id, 'back-1', admin())).refund, { status: 'settled_manually' })
  await t.rejects(payments.app.settleRefund(id, 'back-2', admin()), { code: 'refund.settled' })
  t.match(await payments.logged(), [
    {
      ...{ what: 'refund.settled', subject: id, before: { status: 'requested', reference: '' } },
      after: { status: 'settled_manually', reference: 'back-1' },
    },
  ])
  t.match(await payments.amounts(orderId), { refundedMinor: 10_000n, pendingMinor: 0n })
  t.equal((await payments.events(orderId)).at(-1)?.subject, 'refund.succeeded')
  t.strictSame(await listed(payments), [])
  t.same(await payments.staffList.waiting(), { refunds: 0, suspense: 0 })

  const another = newOrderId()
  await payments.app.recordOffline(atBank(another, 'bank-2'), system)
  await payments.app.closeGate(canceled(another), system)
  const [other] = await listed(payments)
  await t.rejects(payments.app.settleRefund(other!.refund.id, 'back-1', admin()), {
    kind: 'conflict',
    code: 'refund.reference-used',
  })
  await t.rejects(payments.app.settleRefund(newId() as RefundId, 'x', admin()), { code: 'refund.not-found' })
})

/** A refund that its provider has refused for good. */
async function failedRefund(payments: Payments) {
  const orderId = newOrderId()
  const { payment } = await payments.begin({ orderId })
  await payments.drain()
  payments.fake.fail('declined', 'declined', 'declined', 'declined', 'declined')
  await payments.app.refundPayment(payment.id, { amountMinor: 4_000n, lines: [], reason: 'late' }, admin())
  for (let n = 0; n < 6; n++) {
    await payments.drain()
    payments.pass(700_000)
  }
  const [found] = (await payments.account(orderId)).refunds
  return { orderId, refund: found! }
}

t.test('a refund that has failed is asked for again, or paid by hand', async (t) => {
  const payments = await open(t)
  const { orderId, refund } = await failedRefund(payments)
  t.equal(refund.status, 'failed')
  t.match(await payments.staffList.waiting(), { refunds: 1 })
  t.match(await listed(payments), [{ refund: { id: refund.id } }])
  const call = { ...admin(), once: { key: 'again', fingerprint: '' } }
  t.match(await payments.app.repeatRefund(refund.id, call), { result: { refund: { status: 'requested' } } })
  t.match(await payments.app.repeatRefund(refund.id, call), { isReplay: true })
  await t.rejects(payments.app.repeatRefund(refund.id, admin()), { code: 'refund.not-failed' })
  await t.rejects(payments.app.settleRefund(refund.id, 'x', admin()), { code: 'refund.not-for-staff' })
  await payments.drain()
  t.match(await payments.amounts(orderId), { refundedMinor: 4_000n, pendingMinor: 0n })
  t.match(await payments.logged(), [
    { what: 'refund.requested', subject: refund.id, after: { amountMinor: '4000' }, reason: 'late' },
    {
      what: 'refund.repeated',
      subject: refund.id,
      before: { status: 'failed' },
      after: { status: 'requested' },
    },
  ])
  await noCentDiffers(t, payments)

  const { refund: second } = await failedRefund(payments)
  await payments.app.settleRefund(second.id, 'back-1', admin())
  t.strictSame(await listed(payments), [])
})

t.test('what the provider has done after all is not done again', async (t) => {
  const payments = await open(t)
  const { orderId, refund } = await failedRefund(payments)
  const { ref } = payments.fake.snapshots()[0]!
  const done = { id: 're_late', ourId: refund.id, status: 'succeeded', failure: undefined } as const
  payments.fake.put(ref, { refunds: [{ ...done, amountMinor: 4_000n }] })
  await t.rejects(payments.app.repeatRefund(refund.id, admin()), { code: 'refund.not-failed' })
  t.match((await payments.account(orderId)).refunds, [{ status: 'succeeded' }])
  await payments.drain()
  await noCentDiffers(t, payments)
})

/** Money at the provider that nobody here has asked for, of which it tells. */
async function strangeMoney(payments: Payments): Promise<string> {
  const { provider } = payments.fake
  const made = await provider.create({
    key: { operationId: newId(), attempt: 1 },
    ...{ ourId: newId(), method: 'card', money: { minor: 10_000n, currency: 'EUR' }, token: 'pm_card_visa' },
    ...{ returnUrl: '', capture: 'at-once', notifyUrl: undefined },
  } as unknown as Parameters<typeof provider.create>[0])
  const { ref } = (made as { payment: { ref: string } }).payment
  const body = Buffer.from(JSON.stringify({ ref, eventId: `evt ${ref}` }))
  await payments.app.receiveWebhook('fake', { 'x-signature': 'good' }, body)
  await payments.drain()
  return ref
}

t.test(
  'money without a reference is assigned to an order once, and what is too much goes back',
  async (t) => {
    const payments = await open(t)
    const ref = await strangeMoney(payments)
    t.match(await payments.app.listSuspense(50, admin()), [{ provider: 'fake', ref, amountMinor: 10_000n }])
    t.match(await payments.staffList.waiting(), { suspense: 1 })
    await t.rejects(payments.app.listSuspense(50, customer()), { code: 'auth.forbidden' })
    const orderId = newOrderId()
    const wanted = { ...owing(orderId), dueMinor: 6_000n, lines: [], provider: 'fake', ref }
    const { by } = admin()
    for (let n = 0; n < 2; n++) await payments.app.assignSuspense(wanted, by ? { ...system, by } : system)
    t.match(await payments.logged(), [{ what: 'suspense.assigned', subject: orderId, after: { ref } }])
    await payments.drain()
    t.match(await payments.amounts(orderId), {
      capturedMinor: 10_000n,
      refundedMinor: 4_000n,
      pendingMinor: 0n,
    })
    t.equal((await payments.account(orderId)).payments.length, 1)
    t.strictSame(await payments.app.listSuspense(50, admin()), [])
    await t.rejects(payments.app.assignSuspense({ ...wanted, orderId: newOrderId() }, system), {
      kind: 'conflict',
      code: 'suspense.assigned',
    })
    const back = { provider: 'fake', ref, reference: 'back-1' }
    await t.rejects(payments.app.resolveSuspense(back, admin()), { code: 'suspense.resolved' })
    await t.rejects(payments.app.assignSuspense({ ...wanted, ref: 'pi_none' }, system), {
      code: 'suspense.not-found',
    })
    await noCentDiffers(t, payments)
  },
)

t.test('money without a reference that was given back is noted, once', async (t) => {
  const payments = await open(t)
  const money = { provider: 'fake', ref: await strangeMoney(payments), reference: 'back-1' }
  for (let n = 0; n < 2; n++) await payments.app.resolveSuspense(money, admin())
  t.strictSame(await payments.app.listSuspense(50, admin()), [])
  t.match(await payments.logged(), [{ what: 'suspense.given_back', after: { note: 'given back: back-1' } }])
  await t.rejects(payments.app.resolveSuspense({ ...money, reference: 'back-2' }, admin()), {
    code: 'suspense.resolved',
  })
  const late = { ...owing(newOrderId()), provider: 'fake', ref: money.ref }
  await t.rejects(payments.app.assignSuspense(late, system), { code: 'suspense.resolved' })
  await t.rejects(payments.app.resolveSuspense({ ...money, ref: 'pi_none' }, admin()), {
    code: 'suspense.not-found',
  })
})

t.test('captures and voids of staff are in the log, and what customers begin is not', async (t) => {
  const payments = await open(t)
  const [captured, voided] = [newOrderId(), newOrderId()]
  for (const orderId of [captured, voided]) await payments.begin({ orderId, capture: 'shipment' })
  await payments.drain()
  const [one] = (await payments.account(captured)).payments
  const [other] = (await payments.account(voided)).payments
  await payments.app.capturePayment(one!.id, 4_000n, admin())
  await payments.app.voidPayment(other!.id, admin())
  t.match(await payments.logged(), [
    {
      what: 'payment.capture_requested',
      subject: one!.id,
      after: { amountMinor: '4000', orderId: captured },
    },
    { what: 'payment.void_requested', subject: other!.id, after: { orderId: voided } },
  ])
})

t.test('a message that staff have handled again is in the log, once', async (t) => {
  const payments = await open(t)
  await payments.sql.$executeRawUnsafe(
    `insert into payments.inbox (provider, event_id, resource, what, status, next_at, received_at, ended_at)
     values ('fake', 'e', 'r', 'w', 'dead', now(), now(), now())`,
  )
  const { id } = (await payments.inbox.dead(1))[0]!
  for (let n = 0; n < 2; n++) await payments.app.requeueWebhook(id, admin())
  t.match(await payments.logged(), [{ what: 'webhook.requeued', subject: id }])
  t.equal((await payments.logged()).length, 1)
})
