import t from 'tap'
import { fakeServices, goodsBack, ids, shipment } from '../testing/fake-services.ts'
import { testGateway } from '../testing/test-gateway.ts'

const line = { lineId: ids.line, quantity: 1 }

t.test('a shipment leaves at once unless it is only packed', async (t) => {
  const { send, asked } = await testGateway(t)
  const body = { lines: [line], carrier: 'Post' }
  const answer = await send(`POST /orders/${ids.order}/shipments`, { as: 'admin', body })
  t.equal(answer.statusCode, 201)
  const { version: _, ...shown } = shipment
  t.strictSame(answer.json(), shown)
  t.match(asked.at(-1)?.request, {
    orderId: ids.order,
    status: 'shipped',
    lines: [{ ...line, short: false }],
  })
  const packed = { ...body, status: 'packed', lines: [{ ...line, short: true }] }
  await send(`POST /orders/${ids.order}/shipments`, { as: 'admin', body: packed })
  t.match(asked.at(-1)?.request, { status: 'packed', lines: [{ short: true }] })
})

t.test('what is no shipment is refused', async (t) => {
  const { send } = await testGateway(t)
  for (const body of [
    { lines: [], carrier: 'Post' },
    { lines: [{ ...line, quantity: -1 }], carrier: 'Post' },
    { lines: [line] },
    { lines: [line], carrier: 'Post', status: 'delivered' },
  ])
    t.equal(
      (await send(`POST /orders/${ids.order}/shipments`, { as: 'admin', body })).statusCode,
      400,
      JSON.stringify(body),
    )
})

t.test('a shipment is sent again with the goods that it had, unless others are asked for', async (t) => {
  const { send, asked } = await testGateway(t)
  const path = `POST /shipments/${shipment.id}/resend`
  const answer = await send(path, { as: 'admin', body: { carrier: 'Post' } })
  t.equal(answer.statusCode, 201)
  t.match(answer.json(), { replaces: shipment.id, status: 'shipped' })
  t.match(asked.at(-1)?.request, { id: shipment.id, fromStock: false, carrier: 'Post', trackingNumber: '' })
  await send(path, { as: 'admin', body: { carrier: 'Post', fromStock: true } })
  t.match(asked.at(-1)?.request, { fromStock: true })
  t.equal((await send(path, { as: 'admin', body: {} })).statusCode, 400)
})

t.test('tracking shows what has happened, without empty details', async (t) => {
  const { send } = await testGateway(t)
  const answer = await send(`GET /orders/${ids.order}/tracking`, { as: 'customer' })
  t.match(answer.json(), {
    orderId: ids.order,
    fulfilmentStatus: 'partial',
    shipments: [{ status: 'shipped' }],
  })
  t.strictSame(Object.keys(answer.json<{ timeline: object[] }>().timeline[0] ?? {}), ['at', 'what'])
})

t.test('a return is asked for, shown and moved on', async (t) => {
  const { send, asked } = await testGateway(t)
  const body = { lines: [{ ...line, reason: 'broken' }] }
  const answer = await send(`POST /orders/${ids.order}/returns`, { as: 'customer', body })
  t.equal(answer.statusCode, 201)
  const { version: _, money: __, ...shown } = goodsBack
  t.strictSame(answer.json(), shown)
  const list = await send(`GET /orders/${ids.order}/returns`, { as: 'customer' })
  t.strictSame(list.json(), { data: [shown] })
  const received = { status: 'received', lines: [{ ...line, condition: 'damaged' }] }
  t.match((await send(`PATCH /returns/${goodsBack.id}`, { as: 'admin', body: received })).json(), {
    status: 'received',
  })
  t.match(asked.at(-1)?.request, { id: goodsBack.id, ...received })
})

t.test('a withdrawal is asked for and shown', async (t) => {
  const requestReturn = async () => ({ return: { ...goodsBack, withdrawal: true }, replayed: false })
  const wanted = { as: 'customer', body: { lines: [line], withdrawal: true } } as const
  const { send, asked } = await testGateway(t)
  await send(`POST /orders/${ids.order}/returns`, wanted)
  t.match(asked.at(-1)?.request, { withdrawal: true })
  const other = await testGateway(t, fakeServices({ orders: { requestReturn } }))
  t.match((await other.send(`POST /orders/${ids.order}/returns`, wanted)).json(), { withdrawal: true })
})

t.test('whether the money for returned goods goes back is shown', async (t) => {
  const changeReturn = async () => ({ return: { ...goodsBack, status: 'refunded', money: 'due' } })
  const { send } = await testGateway(t, fakeServices({ orders: { changeReturn } }))
  const answer = await send(`PATCH /returns/${goodsBack.id}`, { as: 'admin', body: { status: 'refunded' } })
  t.match(answer.json(), { status: 'refunded', money: 'due' })
})

t.test('orders are listed by what was shipped and returned, and the cursor keeps to it', async (t) => {
  const { send, asked } = await testGateway(t)
  const first = await send('GET /orders?fulfilmentStatus=partial&returnStatus=open', { as: 'customer' })
  t.match(asked.at(-1)?.request, { fulfilmentStatus: 'partial', returnStatus: 'open' })
  const { nextCursor } = first.json<{ nextCursor: string }>()
  const other = await send(`GET /orders?fulfilmentStatus=shipped&cursor=${nextCursor}`, { as: 'customer' })
  t.equal(other.statusCode, 400)
  t.equal((await send('GET /orders?fulfilmentStatus=lost', { as: 'customer' })).statusCode, 400)
})

t.test('what the service made before is said to be a repetition', async (t) => {
  const createShipment = async () => ({ shipment, replayed: true })
  const { send } = await testGateway(t, fakeServices({ orders: { createShipment } }))
  const body = { lines: [line], carrier: 'Post' }
  const answer = await send(`POST /orders/${ids.order}/shipments`, { as: 'admin', body })
  t.equal(answer.headers['idempotent-replayed'], 'true')
})
