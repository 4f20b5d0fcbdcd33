import t from 'tap'
import { testGateway } from '../testing/test-gateway.ts'

const id = '01920000-0000-7000-8000-0000000000d3'
const path = `/admin/webhooks/${id}`
const hook = { url: 'https://example.com/hook', events: ['order.*'] }

t.test('a webhook shows its secret when it is made, and when it gets a new one', async (t) => {
  const { send, asked } = await testGateway(t)
  const made = await send('POST /admin/webhooks', { as: 'admin', body: hook })
  t.equal(made.statusCode, 201)
  t.match(made.json(), { id, ...hook, isPaused: false, secret: 'whsec_shown' })
  t.match(asked.at(-1), { method: 'createEndpoint', request: hook })
  t.equal(made.headers['cache-control'], 'no-store')
  const changed = await send(`PATCH ${path}`, { as: 'admin', body: { rotateSecret: true } })
  t.match(changed.json(), { secret: 'whsec_new' })
  t.match(asked.at(-1)?.request, { id, events: [], rotateSecret: true, url: undefined })
  const paused = await send(`PATCH ${path}`, { as: 'admin', body: { isPaused: true } })
  t.notOk('secret' in paused.json<object>())
  t.equal((await send(`PATCH ${path}`, { as: 'admin', body: {} })).statusCode, 400)
})

t.test('webhooks are shown without secrets, and with why they are paused', async (t) => {
  const { send } = await testGateway(t)
  const list = await send('GET /admin/webhooks', { as: 'admin' })
  t.match(list.json(), { data: [{ id, ...hook }] })
  t.notMatch(list.body, 'secret')
  t.match((await send(`GET ${path}`, { as: 'admin' })).json(), {
    ...{ isPaused: true, pauseReason: 'http-410', pausedAt: String },
  })
  t.equal((await send(`DELETE ${path}`, { as: 'admin' })).statusCode, 204)
})

t.test('what was sent is a page, of which one is sent again, or a range', async (t) => {
  const { send, asked } = await testGateway(t)
  const page = await send(`GET ${path}/deliveries?status=queued&limit=2`, { as: 'admin' })
  const { data, nextCursor } = page.json<{ data: readonly object[]; nextCursor: string }>()
  t.match(data, [
    { type: 'order.created', status: 'queued', failure: 'http-500', nextAt: String },
    { status: 'delivered' },
  ])
  t.notOk('nextAt' in data[1]!)
  await send(`GET ${path}/deliveries?status=queued&cursor=${nextCursor}`, { as: 'admin' })
  t.match(asked.at(-1)?.request, { endpointId: id, status: 'queued', afterId: '7' })
  const again = await send(`POST ${path}/deliveries/${id}/redeliver`, { as: 'admin' })
  t.match(again.json(), { status: 'queued' })
  t.match(asked.at(-1)?.request, { endpointId: id, deliveryId: id })
  const range = { from: '2026-11-01T00:00:00Z', to: '2026-11-02T00:00:00Z' }
  const replayed = await send(`POST ${path}/replay`, { as: 'admin', body: range })
  t.equal(replayed.statusCode, 202)
  t.match(replayed.json(), { count: 3 })
  t.match(asked.at(-1)?.request, { endpointId: id, ...range })
})
