import t, { type Test } from 'tap'
import { testDatabase } from '../platform/testing/database.ts'
import { statusOfPayment } from './domain/account.ts'
import type { OrderId } from './domain/ids.ts'
import { takeOver } from './infrastructure/people.ts'
import type { Fault } from './testing/fake-provider.ts'
import { admin, customer, newOrderId, newUserId, system } from './testing/fixtures.ts'
import { compareCents, openPayments, type Payments } from './testing/open-payments.ts'

const leaseMs = 20_001
const expired = (orderId: OrderId) => ({ orderId, reason: 'expired', refund: undefined, keepMinor: 0n })
const noCentDiffers = async (t: Test, payments: Payments) => {
  const { ours, theirs } = await compareCents(payments)
  t.strictSame(ours, theirs, 'no cent differs')
}
const open = async (t: Test) => openPayments(t, (await testDatabase(t)).url)
const statusOf = async (payments: Payments, orderId: OrderId) =>
  (await payments.account(orderId)).payments.map(statusOfPayment)
const signed = { 'x-signature': 'good' }
const message = (ref: string, eventId?: string) => Buffer.from(JSON.stringify({ ref, eventId }))

t.test('an order is paid: intent, provider, entries and events', async (t) => {
  const payments = await open(t)
  const orderId = newOrderId()
  const { payment } = await payments.begin({ orderId })
  t.strictSame(payments.fake.calls, [], 'no provider is called where the intent is stored')
  await payments.drain()
  t.strictSame(payments.fake.calls, ['create'])
  t.strictSame(await statusOf(payments, orderId), ['captured'])
  t.match(await payments.events(orderId), [
    {
      subject: 'payment.initiated',
      version: 1,
      data: { paymentId: payment.id, gateVersion: 1, covered: false },
    },
    {
      subject: 'payment.captured',
      version: 2,
      data: { capturedMinor: '10000', dueMinor: '10000', covered: true },
    },
  ])
  await noCentDiffers(t, payments)
})

t.test('sixteen who begin at once have one payment', async (t) => {
  const { url } = await testDatabase(t)
  const one = openPayments(t, url)
  const other = openPayments(t, url, one)
  const orderId = newOrderId()
  const begun = await Promise.all(
    Array.from({ length: 16 }, (_, n) => (n % 2 ? one : other).begin({ orderId })),
  )
  t.equal(new Set(begun.map(({ payment }) => payment.id)).size, 1)
  t.equal(begun.filter(({ isNew }) => isNew).length, 1)
  await Promise.all([one.drain(), other.drain()])
  t.strictSame(one.fake.calls, ['create'], 'and the provider was asked once')
})

t.test('replicas share the work and do nothing twice', async (t) => {
  const { url } = await testDatabase(t)
  const one = openPayments(t, url)
  const other = openPayments(t, url, one)
  for (let n = 0; n < 20; n++) await one.begin()
  await Promise.all([one.drain(), other.drain(), one.drain(), other.drain()])
  t.equal(one.fake.calls.filter((call) => call === 'create').length, 20)
  t.equal(one.fake.snapshots().length, 20)
  await noCentDiffers(t, one)
})

for (const fault of ['before', 'after', 'never-reached'] as const satisfies readonly Fault[]) {
  t.test(`an answer that is lost (${fault}) is asked for again, and nothing is done twice`, async (t) => {
    const payments = await open(t)
    const orderId = newOrderId()
    await payments.begin({ orderId })
    payments.fake.fail(fault, fault)
    for (let n = 0; n < 5; n++) {
      await payments.drain()
      payments.pass(700_000)
    }
    t.strictSame(await statusOf(payments, orderId), ['captured'])
    t.equal(payments.fake.snapshots().length, 1)
    await noCentDiffers(t, payments)
  })
}

for (const point of ['intent-call', 'answer-commit']) {
  t.test(`a process that dies at ${point} leaves everything to the next one`, async (t) => {
    const payments = await open(t)
    const orderId = newOrderId()
    await payments.begin({ orderId })
    await payments.dieAt(point)
    t.strictSame(await statusOf(payments, orderId), ['created'])
    await payments.drain()
    t.strictSame(await statusOf(payments, orderId), ['created'], 'its lease has not ended')
    payments.pass(leaseMs)
    await payments.drain()
    t.strictSame(await statusOf(payments, orderId), ['captured'])
    t.equal(payments.fake.snapshots().length, 1)
    const {
      payments: [payment],
    } = await payments.account(orderId)
    await payments.app.refundPayment(payment!.id, { amountMinor: 4_000n, lines: [], reason: '' }, admin())
    await payments.dieAt(point)
    payments.pass(leaseMs)
    await payments.drain()
    t.match(await payments.amounts(orderId), {
      capturedMinor: 10_000n,
      refundedMinor: 4_000n,
      pendingMinor: 0n,
    })
    await noCentDiffers(t, payments)
  })
}

t.test('when the provider has forgotten the key, it is asked what became of it', async (t) => {
  const payments = await open(t)
  const orderId = newOrderId()
  await payments.begin({ orderId })
  payments.fake.fail('after')
  await payments.drain()
  payments.fake.forget()
  payments.pass(23 * 3_600_000)
  await payments.drain()
  t.strictSame(payments.fake.calls, ['create', 'find'])
  t.strictSame(await statusOf(payments, orderId), ['captured'])
  await noCentDiffers(t, payments)
})

t.test(
  'a refund that failed for certain is tried again under another key, and then left to staff',
  async (t) => {
    const payments = await open(t)
    const orderId = newOrderId()
    const { payment } = await payments.begin({ orderId })
    await payments.drain()
    const ask = () =>
      payments.app.refundPayment(payment.id, { amountMinor: 1_000n, lines: [], reason: 'returned' }, admin())
    await ask()
    payments.fake.fail('declined')
    await payments.drain()
    payments.pass(60_000)
    await payments.drain()
    t.match(await payments.amounts(orderId), { refundedMinor: 1_000n, pendingMinor: 0n })
    await ask()
    payments.fake.fail('declined', 'declined', 'declined', 'declined', 'declined')
    for (let n = 0; n < 6; n++) {
      await payments.drain()
      payments.pass(60_000)
    }
    t.match((await payments.account(orderId)).refunds.at(-1), { status: 'failed' })
    t.match(
      await payments.amounts(orderId),
      { refundedMinor: 1_000n, pendingMinor: 1_000n },
      'it stays reserved',
    )
    t.match((await payments.events(orderId)).at(-1), { subject: 'refund.failed' })
  },
)

t.test('fifty refunds at once never give back more than was taken', async (t) => {
  const { url } = await testDatabase(t)
  const one = openPayments(t, url)
  const other = openPayments(t, url, one)
  const { payment, account } = await one.begin()
  const { orderId } = account.gate
  await one.drain()
  const refunds = await Promise.allSettled(
    Array.from({ length: 50 }, (_, n) =>
      (n % 2 ? one : other).app.refundPayment(
        payment.id,
        { amountMinor: 3_000n, lines: [], reason: '' },
        admin(),
      ),
    ),
  )
  t.equal(refunds.filter(({ status }) => status === 'fulfilled').length, 3)
  for (const each of refunds)
    if (each.status === 'rejected') t.match(each.reason, { kind: 'conflict', code: 'refund.exceeds-balance' })
  await Promise.all([one.drain(), other.drain()])
  t.match(await one.amounts(orderId), { refundedMinor: 9_000n, pendingMinor: 0n })
  await noCentDiffers(t, one)
})

t.test('the end of an order and an attempt to pay it never both win', async (t) => {
  const payments = await open(t)
  for (let n = 0; n < 12; n++) {
    const orderId = newOrderId()
    const [begun, closed] = await Promise.allSettled([
      payments.begin({ orderId }),
      payments.app.closeGate(expired(orderId), system),
    ])
    await payments.drain()
    const outcome = closed.status === 'fulfilled' ? closed.value.outcome : closed.status
    t.equal(outcome, 'uncovered')
    if (begun.status === 'rejected') t.match(begun.reason, { code: 'payment.order-closed' })
    else
      t.strictSame(
        await statusOf(payments, orderId),
        ['canceled'],
        'it was taken back before any provider was asked',
      )
  }
  t.strictSame(payments.fake.calls, [])
})

t.test('an attempt in the provider’s hands keeps the end waiting until it is known', async (t) => {
  const payments = await open(t)
  const orderId = newOrderId()
  await payments.begin({ orderId, token: 'pm_card_threeDSecure2Required' })
  await payments.drain()
  t.equal((await payments.app.closeGate(expired(orderId), system)).outcome, 'pending')
  await payments.drain()
  t.strictSame(await statusOf(payments, orderId), ['canceled'], 'it was called back')
  t.equal((await payments.app.closeGate(expired(orderId), system)).outcome, 'uncovered')
  await noCentDiffers(t, payments)
})

t.test('money that comes late waits for the order to be revived, or goes back in full', async (t) => {
  const payments = await open(t)
  const [back, revived] = [newOrderId(), newOrderId()]
  for (const orderId of [back, revived]) {
    await payments.begin({ orderId, token: 'pm_card_threeDSecure2Required' })
    await payments.drain()
    await payments.app.closeGate(expired(orderId), system)
    await payments.drain()
    await payments.app.closeGate(expired(orderId), system)
    const { ref } = (await payments.account(orderId)).payments[0]!
    payments.fake.approve(ref!)
    await payments.app.receiveWebhook('fake', signed, message(ref!, `evt_${ref!}`))
    await payments.drain()
    t.match((await payments.events(orderId)).at(-1), { subject: 'payment.late' })
    t.match(await payments.amounts(orderId), { capturedMinor: 10_000n, pendingMinor: 0n })
  }
  await payments.app.reopenGate(revived, 10_000n, system)
  payments.pass(60_000)
  await payments.drain()
  t.match(await payments.amounts(back), { refundedMinor: 10_000n })
  t.match(await payments.amounts(revived), { refundedMinor: 0n, capturedMinor: 10_000n })
  await t.rejects(payments.app.reopenGate(back, 10_000n, system), { code: 'payment.given-back' })
  await noCentDiffers(t, payments)
})

t.test('two payments of one order: the first stays, the second goes back', async (t) => {
  const payments = await open(t)
  const orderId = newOrderId()
  await payments.begin({ orderId, method: 'ideal', token: '' })
  await payments.drain()
  await payments.begin({ orderId, method: 'card' })
  await payments.drain()
  const [bank] = (await payments.account(orderId)).payments
  payments.fake.approve(bank!.ref!)
  payments.pass(10_000)
  await payments.drain() // polled, without any message
  t.match(await payments.amounts(orderId), { capturedMinor: 20_000n, refundedMinor: 10_000n })
  t.match((await payments.account(orderId)).refunds, [{ paymentId: bank!.id }])
  await noCentDiffers(t, payments)
})

t.test('the same message sixteen times at once is one row, forged ones are none', async (t) => {
  const payments = await open(t)
  const orderId = newOrderId()
  await payments.begin({ orderId, method: 'ideal', token: '' })
  await payments.drain()
  const ref = (await payments.account(orderId)).payments[0]!.ref!
  payments.fake.approve(ref)
  const send = (eventId?: string) => payments.app.receiveWebhook('fake', signed, message(ref, eventId))
  await Promise.all(Array.from({ length: 16 }, () => send('evt_1')))
  await t.rejects(payments.app.receiveWebhook('fake', {}, message(ref, 'evt_2')), {
    kind: 'invalid',
    code: 'webhook.bad-signature',
  })
  await t.rejects(payments.app.receiveWebhook('nobody', signed, message(ref)), {
    code: 'webhook.unknown-provider',
  })
  await payments.drain()
  t.strictSame(await statusOf(payments, orderId), ['captured'])
  await Promise.all(Array.from({ length: 16 }, () => send()))
  await payments.drain()
  await payments.app.receiveWebhook('fake', signed, message('pi_of_another_shop', 'evt_3'))
  await payments.drain()
  const rows = await payments.sql.$queryRawUnsafe(
    'select event_id, seen, done, status from payments.inbox order by id',
  )
  t.strictSame(rows, [
    { event_id: 'evt_1', seen: 1, done: 1, status: 'done' },
    { event_id: null, seen: 16, done: 16, status: 'done' },
    { event_id: 'evt_3', seen: 1, done: 1, status: 'ignored' },
  ])
})

t.test('a process that dies between a message and its end handles it again', async (t) => {
  const payments = await open(t)
  const orderId = newOrderId()
  await payments.begin({ orderId, method: 'ideal', token: '' })
  await payments.drain()
  const ref = (await payments.account(orderId)).payments[0]!.ref!
  payments.fake.approve(ref)
  await payments.app.receiveWebhook('fake', signed, message(ref, 'evt_1'))
  await payments.dieAt('inbox-effect')
  const waiting = await payments.sql.$queryRawUnsafe(`select 1 from payments.inbox where status = 'received'`)
  t.equal((waiting as unknown[]).length, 1, 'it is not done before its effect')
  payments.pass(leaseMs)
  await payments.drain()
  t.match(await payments.amounts(orderId), { capturedMinor: 10_000n })
  const left = await payments.sql.$queryRawUnsafe(`select 1 from payments.inbox where status <> 'done'`)
  t.strictSame(left, [])
})

t.test(
  'a message that cannot be handled is left to staff within an hour, with the time of its last try',
  async (t) => {
    const payments = await open(t)
    const orderId = newOrderId()
    await payments.begin({ orderId, method: 'ideal', token: '' })
    await payments.drain()
    const ref = (await payments.account(orderId)).payments[0]!.ref!
    const { provider } = payments.fake
    const { read } = provider
    const faults = [
      async () => ({ kind: 'unknown', reason: 'no answer' }) as const,
      async () => Promise.reject(new Error('a bug')),
    ]
    for (const [index, fault] of faults.entries()) {
      Object.assign(provider, { read: fault })
      await payments.app.receiveWebhook('fake', signed, message(ref, `evt_${index}`))
      const receivedAt = payments.clock.at.getTime()
      let tries = 0
      while ((await payments.inbox.dead(9)).length === 0) {
        if (payments.clock.at.getTime() - receivedAt > 3_600_000) throw new Error('it has waited for an hour')
        await payments.drain()
        payments.pass(10_000)
        tries++
      }
      t.ok(tries > 300, 'not long before')
      const [dead] = await payments.inbox.dead(9)
      t.ok(dead!.tries > 9 && dead!.tries < 30, `${dead!.tries} tries`)
      Object.assign(provider, { read })
      t.ok(await payments.inbox.requeue(dead!.id, payments.clock.at))
      await payments.drain()
      t.same(await payments.inbox.dead(9), [])
    }
  },
)

t.test('what only the provider knows is found once a day: dashboard refunds and chargebacks', async (t) => {
  const payments = await open(t)
  const orderId = newOrderId()
  await payments.begin({ orderId })
  await payments.drain()
  const ref = (await payments.account(orderId)).payments[0]!.ref!
  payments.fake.put(ref, {
    refunds: [{ id: 're_x', ourId: undefined, status: 'succeeded', amountMinor: 2_500n, failure: undefined }],
    disputes: [{ id: 'dp_1', status: 'opened', amountMinor: 7_500n, withdrawnMinor: 7_500n }],
  })
  payments.pass(86_400_000)
  await payments.drain()
  t.match(await payments.amounts(orderId), { refundedMinor: 2_500n })
  t.match(
    (await payments.events(orderId))
      .slice(2)
      .map(({ subject }) => subject)
      .sort(),
    ['dispute.opened', 'refund.requested', 'refund.succeeded'],
  )
  const {
    payments: [payment],
  } = await payments.account(orderId)
  await t.rejects(
    payments.app.refundPayment(payment!.id, { amountMinor: 1n, lines: [], reason: '' }, admin()),
    {
      code: 'refund.exceeds-balance',
    },
  )
})

t.test('money of a canceled order goes back, whoever tells of its end', async (t) => {
  const payments = await open(t)
  const orderId = newOrderId()
  await payments.begin({ orderId })
  await payments.drain()
  const unknown = newOrderId()
  for (const id of [orderId, unknown, orderId, unknown])
    await payments.app.closeGate(
      { orderId: id, reason: 'canceled', refund: 'full', keepMinor: 0n, isOver: true },
      system,
    )
  t.equal(await payments.accounts.find(unknown), undefined, 'nothing has to be kept from coming')
  await payments.drain()
  t.match(await payments.amounts(orderId), { refundedMinor: 10_000n })
  await noCentDiffers(t, payments)
})

t.test('what one process remembers is not told of money of which another one knows more', async (t) => {
  const { url } = await testDatabase(t)
  const [ours, theirs] = [openPayments(t, url), openPayments(t, url)]
  const orderId = newOrderId()
  await ours.begin({ orderId })
  const gates = async (version: number) => {
    const [account] = await ours.app.listGates([{ orderId, version }], system)
    return account && { version: account.gate.version, status: account.payments.map(statusOfPayment) }
  }
  t.match(await gates(1), { version: 1, status: ['created'] })
  await theirs.drain()
  const { gate } = await theirs.account(orderId)
  t.match(await gates(gate.version), { version: gate.version, status: ['captured'] })
  t.same(await ours.app.listGates([{ orderId: newOrderId(), version: 1 }], system), [])
  await t.rejects(ours.app.listGates([], customer(newUserId())), { code: 'auth.forbidden' })
})

t.test('what a guest has paid becomes the money of the account that takes the order over', async (t) => {
  const payments = await open(t)
  const [mine, theirs] = [newOrderId(), newOrderId()]
  const [me, other] = [newUserId(), newUserId()]
  const { payment } = await payments.begin({ orderId: mine })
  await payments.begin({ orderId: theirs, userId: other })
  await payments.drain()
  const get = () => payments.app.getPayment(payment.id, customer(me))
  await t.rejects(get(), { code: 'payment.not-found' })
  const take = takeOver(payments.sql)
  for (let n = 0; n < 2; n++) await take([mine, theirs, newOrderId()], me)
  t.match(await get(), { payment: { id: payment.id } })
  t.equal((await payments.account(theirs)).gate.userId, other, 'what is somebody else’s stays so')
  // A process that remembers the account as it was does not undo it.
  await payments.app.refundPayment(payment.id, { amountMinor: 1n, lines: [], reason: '' }, admin())
  t.equal((await payments.account(mine)).gate.userId, me)
})

t.test('a bank reference is good for one order', async (t) => {
  const payments = await open(t)
  const money = (orderId: OrderId) => ({
    ...{
      orderId,
      userId: undefined,
      dueMinor: 500n,
      currency: 'EUR',
      reference: 'bank-1',
      amountMinor: undefined,
      lines: [],
    },
  })
  const orderId = newOrderId()
  await payments.app.recordOffline(money(orderId), system)
  t.equal((await payments.app.recordOffline(money(orderId), system)).account.payments.length, 1)
  await t.rejects(payments.app.recordOffline(money(newOrderId()), system), {
    kind: 'conflict',
    code: 'payment.reference-used',
  })
})

t.test('people see their own payments, and only services begin them', async (t) => {
  const payments = await open(t)
  const userId = newUserId()
  const { payment } = await payments.begin({ userId })
  t.equal((await payments.app.getPayment(payment.id, customer(userId))).payment.id, payment.id)
  await t.rejects(payments.app.getPayment(payment.id, customer()), { code: 'payment.not-found' })
  for (const call of [customer(userId), admin()])
    await t.rejects(payments.app.closeGate(expired(newOrderId()), call), { code: 'auth.forbidden' })
  const refund = { amountMinor: 1n, lines: [], reason: '' }
  await t.rejects(payments.app.refundPayment(payment.id, refund, customer(userId)), {
    code: 'auth.forbidden',
  })
})

t.test('a card number is no token', async (t) => {
  const payments = await open(t)
  await t.rejects(payments.begin({ token: '4242 4242 4242 4242' }), { code: 'payment.card-number' })
})
