import t from 'tap'
import { ids } from '../testing/fake-services.ts'
import { testGateway } from '../testing/test-gateway.ts'

const refund = { id: ids.letter, orderId: ids.order, status: 'requested', amount: 5, currency: 'USD' }

t.test('staff list refunds, settle and repeat them', async (t) => {
  const { send, asked } = await testGateway(t)
  const page = await send('GET /admin/refunds?status=failed&limit=7', { as: 'admin' })
  t.match(page.json(), { data: [refund], nextCursor: null })
  t.strictSame(asked.at(-1)?.request, { status: 'failed', limit: 7, afterId: undefined })
  const settled = await send(`POST /refunds/${ids.letter}/settle`, {
    as: 'admin',
    body: { reference: 'bank-1' },
  })
  t.match(settled.json(), { status: 'settled_manually', reference: 'bank-1' })
  t.strictSame(asked.at(-1)?.request, { id: ids.letter, reference: 'bank-1' })
  const missing = await send(`POST /refunds/${ids.letter}/settle`, { as: 'admin', body: {} })
  t.match(missing.json(), { status: 400, code: 'request.invalid' })
  t.match((await send(`POST /refunds/${ids.letter}/repeat`, { as: 'admin' })).json(), refund)
})

t.test('staff see money that belongs to nobody, assign it or say that it was given back', async (t) => {
  const { send, asked } = await testGateway(t)
  t.match((await send('GET /admin/suspense', { as: 'admin' })).json(), {
    data: [{ provider: 'stripe', ref: 'pi_1', amount: 5, currency: 'USD' }],
  })
  const money = { provider: 'stripe', ref: 'pi_1' }
  const assign = { as: 'admin', body: { ...money, orderId: ids.order } } as const
  t.match((await send('POST /admin/suspense/assign', assign)).json(), { id: ids.payment })
  t.strictSame(asked.at(-1)?.request, { ...money, id: ids.order })
  const back = { as: 'admin', body: { ...money, reference: 'bank-1' } } as const
  t.equal((await send('POST /admin/suspense/give-back', back)).statusCode, 204)
  t.strictSame(asked.at(-1)?.request, back.body)
})
