import { type Test } from 'tap'
import { newId } from '../../platform/new-id.ts'
import { eventually } from '../../platform/testing/eventually.ts'
import type { OrderBody } from './api.ts'
import { eventsOf, payingAt, returnUrl, secure, signedWebhook } from './paying.ts'
import { answerPage } from './sandbox.ts'
import type { Shop } from './shop.ts'

export const checkoutMoneySettings = {
  ...{ PAYMENT_ATTEMPTS_PER_HOUR: '1000' },
  // The bank redirect takes euros only.
  CURRENCY: 'EUR',
}

/** Carts are bought in every way of paying, and the provider does what providers do. */
export async function checkoutMoneySuite(t: Test, shop: Shop, sandboxUrl: string): Promise<void> {
  const till = await payingAt(shop, sandboxUrl)
  const { admin, control, send, orderIs } = till
  const told = await eventsOf(t, shop)
  const product = await shop.newProduct(1_000)
  await send('POST', '/admin/tax-rates', admin, { country: 'GB', percent: 20 })

  const cents = (amount: number): number => Math.round(amount * 100)
  const redirect = { paymentMethod: 'ideal', paymentToken: undefined, returnUrl }

  t.test('a declined card leaves the checkout’s order payable, and another one pays, once', async (t) => {
    const { answer, who, id } = await till.bought(product, { paymentToken: 'pm_card_chargeDeclined' })
    t.match(answer.body, { order: { status: 'confirmed' }, payment: { status: 'failed' } })
    await till.payAgain(who, id, { paymentMethod: 'card', paymentToken: 'pm_card_visa' })
    await orderIs(who, id, { status: 'paid', paymentStatus: 'paid' })
    t.equal(await till.keptFor(id), cents(answer.body.order!.total))
    await eventually('the cart is ordered', async () => (await till.cartNow(who)).id === null)
  })

  t.test('3-D Secure: approved pays; declined is failed, and another card pays', async (t) => {
    for (const wanted of ['approve', 'decline'] as const) {
      const { answer, who, id, paymentId } = await till.bought(product, secure)
      t.match(answer.body.payment, { status: 'action_required' })
      t.equal(await answerPage(await till.pageOf(who, paymentId), wanted), returnUrl)
      if (wanted === 'decline') {
        await orderIs(who, id, { status: 'confirmed', paymentStatus: 'failed' })
        await till.payAgain(who, id, { paymentMethod: 'card', paymentToken: 'pm_card_visa' })
      }
      await orderIs(who, id, { status: 'paid', paymentStatus: 'paid' })
      t.equal(await till.keptFor(id), cents(answer.body.order!.total), wanted)
    }
  })

  t.test('a bank redirect pays for a checkout', async (t) => {
    const { answer, who, id, paymentId } = await till.bought(product, redirect)
    t.match(answer.body.payment, { status: 'action_required', method: 'ideal' })
    await answerPage(await till.pageOf(who, paymentId), 'approve')
    await orderIs(who, id, { status: 'paid', paymentStatus: 'paid' })
    t.equal(await till.keptFor(id), cents(answer.body.order!.total))
  })

  t.test('two methods in two tabs: the first stays, the second goes back in full', async (t) => {
    // The first attempt is called back when the second one pays; this bank does not care.
    await control('PUT', '', { lateCapture: 1 })
    const { answer, who, id, paymentId } = await till.bought(product, redirect)
    const bank = await till.pageOf(who, paymentId)
    const { body: second } = await till.payAgain(who, id, {
      paymentMethod: 'card',
      paymentToken: 'pm_card_visa',
    })
    t.not(second.id, paymentId)
    await orderIs(who, id, { status: 'paid' })
    await answerPage(bank, 'approve')
    const all = await eventually('the bank’s money came and went', async () => {
      const payments = await till.paymentsOf(who, id)
      return (
        payments.some((one) => one.id === paymentId && one.captured > 0 && one.refunded === one.captured) &&
        payments
      )
    })
    t.match(
      all.find((one) => one.id === second.id),
      { captured: answer.body.order!.total, refunded: 0 },
    )
    t.equal(await till.keptFor(id), cents(answer.body.order!.total))
    await orderIs(who, id, { status: 'paid' })
    await control('PUT', '', {})
  })

  t.test('a refund on the dashboard, which only the provider knows, is ours as well', async (t) => {
    const { answer, who, id } = await till.bought(product)
    await orderIs(who, id, { status: 'paid' })
    const [charge] = await till.chargesOf(id)
    await control('POST', `/charges/${charge!.ref}/refund`, { amount: 700 })
    await orderIs(who, id, { status: 'paid', paymentStatus: 'partially_refunded' })
    t.match(await till.paymentsOf(who, id), [{ captured: answer.body.order!.total, refunded: 7 }])
    t.match(await told('REFUNDS', 'refund.succeeded', id), { amountMinor: '700', refundedMinor: '700' })
    const { body } = await send<{ data: { total: number }[] }>('GET', `/orders/${id}/receipts`, who)
    t.match(body.data.at(-1), { total: 7 }, 'it has a credit note')
    const over = await send(`POST`, `/payments/${(await till.paymentsOf(who, id))[0]!.id}/refunds`, admin, {
      ...{ amount: answer.body.order!.total, reason: 'all of it' },
    })
    t.match(over, { status: 409, body: { code: 'refund.exceeds-balance' } })
  })

  t.test('a chargeback is told, and what the bank took cannot be refunded again', async (t) => {
    const { who, id, paymentId } = await till.bought(product)
    await orderIs(who, id, { status: 'paid' })
    const [charge] = await till.chargesOf(id)
    await control('POST', `/charges/${charge!.ref}/dispute`, {})
    t.match(await told('DISPUTES', 'dispute.opened', id), {
      paymentId,
      amountMinor: String(charge!.captured),
    })
    const disputed = () => send<{ data: readonly OrderBody[] }>('GET', '/orders?flag=dispute', admin)
    await eventually('the order is flagged', async () => (await disputed()).body.data[0]?.id === id)
    const refused = await send('POST', `/payments/${paymentId}/refunds`, admin, {
      amount: 1,
      reason: 'sorry',
    })
    t.match(refused, { status: 409, body: { code: 'refund.exceeds-balance' } })
    t.match(await till.paymentsOf(who, id), [{ status: 'captured', refunded: 0 }])
    await control('POST', `/charges/${charge!.ref}/dispute`, { outcome: 'won' })
    t.match(await told('DISPUTES', 'dispute.won', id), { paymentId })
    await eventually('it is not disputed any more', async () => (await disputed()).body.data.length === 0)
    const given = await send('POST', `/payments/${paymentId}/refunds`, admin, { amount: 1, reason: 'sorry' })
    t.equal(given.status, 201)
    const lost = await till.bought(product)
    await orderIs(lost.who, lost.id, { status: 'paid' })
    const [other] = await till.chargesOf(lost.id)
    await control('POST', `/charges/${other!.ref}/dispute`, {})
    await told('DISPUTES', 'dispute.opened', lost.id)
    await control('POST', `/charges/${other!.ref}/dispute`, { outcome: 'lost' })
    t.match(await told('DISPUTES', 'dispute.lost', lost.id), { paymentId: lost.paymentId })
  })

  t.test('a provider that took the money and did not answer, so that its webhook comes first', async (t) => {
    await control('PUT', '', { calls: { doThenFailRate: 1 } })
    const { answer, who, id } = await till.bought(product)
    t.match(answer.body.order, { status: /confirmed|paid/ })
    await orderIs(who, id, { status: 'paid' }).catch(() => undefined)
    await control('PUT', '', {})
    await orderIs(who, id, { status: 'paid', paymentStatus: 'paid' })
    const charges = await till.chargesOf(id)
    t.equal(charges.length, 1, 'it was asked again under its key')
    t.equal(await till.keptFor(id), cents(answer.body.order!.total))
  })

  t.test('the same webhook sixteen times at once counts once; forged ones do not count', async (t) => {
    const { answer, who, id, paymentId } = await till.bought(product, secure)
    await control('PUT', '', { webhooks: { drop: 1 } })
    await answerPage(await till.pageOf(who, paymentId), 'approve')
    const [charge] = await till.chargesOf(id)
    const event = (eventId: string) => ({
      ...{ id: eventId, object: 'event', type: 'payment_intent.succeeded' },
      data: { object: { object: 'payment_intent', id: charge!.ref } },
    })
    const post = ({ body, signature }: ReturnType<typeof signedWebhook>) =>
      fetch(`${shop.url}/webhooks/stripe`, {
        method: 'POST',
        body,
        headers: { 'stripe-signature': signature },
      })
    const forged = {
      ...signedWebhook(event('evt_forged')),
      signature: signedWebhook(event('evt_other')).signature,
    }
    t.equal((await post(forged)).status, 400)
    const genuine = signedWebhook(event(`evt_${newId()}`))
    const answers = await Promise.all(Array.from({ length: 16 }, () => post(genuine)))
    t.strictSame(new Set(answers.map(({ status }) => status)), new Set([200]))
    await control('PUT', '', {})
    await orderIs(who, id, { status: 'paid', paymentStatus: 'paid' })
    t.match(await till.paymentsOf(who, id), [{ captured: answer.body.order!.total, refunded: 0 }])
  })

  t.test('webhooks that are late, twice, forged and out of order change nothing in the end', async () => {
    await control('PUT', '', { webhooks: { duplicate: 1, reorder: 1, forge: 1, delayMs: 200 } })
    const { answer, who, id } = await till.bought(product, secure)
    await answerPage(await till.pageOf(who, (await till.paymentsOf(who, id))[0]!.id), 'approve')
    const [charge] = await till.chargesOf(id)
    for (const amount of [100, 200]) await control('POST', `/charges/${charge!.ref}/refund`, { amount })
    await orderIs(who, id, { status: 'paid', paymentStatus: 'partially_refunded' })
    await control('PUT', '', {})
    await eventually('both refunds are known', async () => {
      const [payment] = await till.paymentsOf(who, id)
      return payment?.refunded === 3 && payment.captured === answer.body.order!.total
    })
  })

  t.test(
    'a cancel after a partial shipment gives back what has not left; single returns the rest',
    async (t) => {
      const { answer, who, id } = await till.bought(product, {}, 3)
      await orderIs(who, id, { status: 'paid' })
      const order = answer.body.order!
      const { lineId } = order.items[0]!
      const shipment = { lines: [{ lineId, quantity: 2 }], carrier: 'Post' }
      t.equal((await send('POST', `/orders/${id}/shipments`, admin, shipment)).status, 201)
      t.match((await send<OrderBody>('POST', `/orders/${id}/cancel`, who, {})).body, { status: 'canceled' })
      const kept = await eventually('the unit that has not left is given back', async () => {
        const now = await till.keptFor(id)
        return now < cents(order.total) && now
      })
      for (const left of ['one', 'none']) {
        const { body } = await send<{ id: string }>('POST', `/orders/${id}/returns`, who, {
          lines: [{ lineId, quantity: 1 }],
        })
        const lines = [{ lineId, quantity: 1, condition: 'resellable' }]
        for (const step of [{ status: 'approved' }, { status: 'received', lines }, { status: 'refunded' }])
          t.match(
            await send('PATCH', `/returns/${body.id}`, admin, step),
            { status: 200 },
            JSON.stringify(step),
          )
        await eventually(`${left} is left`, async () => {
          const now = await till.keptFor(id)
          return left === 'one' ? now < kept && now > 0 : now < kept / 2
        })
      }
      const goods = 3 * 1_500
      const gone = cents(order.total) - (await till.keptFor(id))
      t.ok(
        gone >= goods && gone <= cents(order.total),
        `the goods of ${goods} are given back to the cent: ${gone}`,
      )
    },
  )

  t.test('the audit finds all well, and no cent differs from the provider’s', async (t) => {
    await shop.auditIsClean()
    const { data } = await control<{ data: { orderId: string; captured: number; refunded: number }[] }>(
      'GET',
      '/charges',
    )
    for (const { orderId } of data) {
      const payments = await till.paymentsOf(admin, orderId)
      const ours = payments.reduce(
        (sum, { captured, refunded }) => sum + cents(captured) - cents(refunded),
        0,
      )
      t.equal(ours, await till.keptFor(orderId), orderId)
    }
  })
}
