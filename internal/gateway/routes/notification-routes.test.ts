import t from 'tap'
import { testGateway } from '../testing/test-gateway.ts'

const id = '01920000-0000-7000-8000-0000000000d1'

t.test('a feed is a page with the number of what is unread', async (t) => {
  const { send, asked } = await testGateway(t)
  const answer = await send('GET /notifications?unread=true&limit=1', { as: 'customer' })
  t.match(answer.json(), {
    data: [{ id, kind: 'order.shipped', title: 'On its way', orderId: String }],
    ...{ unread: 1, nextCursor: String },
  })
  t.equal(answer.headers['cache-control'], 'no-store')
  const { nextCursor } = answer.json<{ nextCursor: string }>()
  await send(`GET /notifications?unread=true&cursor=${nextCursor}`, { as: 'customer' })
  t.match(asked.at(-1)?.request, { unread: true, afterId: id })
  const other = await send(`GET /notifications?cursor=${nextCursor}`, { as: 'customer' })
  t.match(other.json(), { code: 'cursor.invalid' })
  t.match((await send(`POST /notifications/${id}/read`, { as: 'customer' })).json(), { readAt: String })
})

t.test('preferences can be sent back as they were shown', async (t) => {
  const { send, asked } = await testGateway(t)
  const path = '/users/me/notification-preferences'
  const shown = (await send(`GET ${path}`, { as: 'customer' })).json<object>()
  t.match(shown, { language: null, preferences: [{ kind: 'cart.abandoned', fixed: false }] })
  t.equal((await send(`PUT ${path}`, { as: 'customer', body: shown })).statusCode, 200)
  t.match(asked.at(-1)?.request, {
    language: '',
    preferences: [{ kind: 'cart.abandoned', channel: 'email', enabled: true }],
  })
  await send(`PUT ${path}`, { as: 'customer', body: { preferences: [] } })
  t.match(asked.at(-1)?.request, { language: undefined }, 'a language that is not named stays')
  t.equal((await send(`PUT ${path}`, { as: 'customer', body: { language: 'fr' } })).statusCode, 400)
})

t.test('following the link of a mail changes nothing, and the button does', async (t) => {
  const { send, asked } = await testGateway(t)
  const link = '/notifications/unsubscribe?token=abc.def'
  const page = await send(`GET ${link}`)
  t.match(page.headers['content-type'], /^text\/html/)
  t.match(page.body, '<form method="post">')
  t.same(asked, [])
  const form = {
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    body: 'List-Unsubscribe=One-Click',
  }
  t.equal((await send(`POST ${link}`, form)).statusCode, 200)
  t.match(asked, [{ method: 'unsubscribe', request: { token: 'abc.def' } }])
  t.equal((await send('GET /notifications/unsubscribe')).statusCode, 400)
})

t.test('staff see deliveries, and send one again', async (t) => {
  const { send, asked } = await testGateway(t)
  const answer = await send('GET /admin/notifications?status=failed&channel=email', { as: 'admin' })
  t.match(answer.json(), { data: [{ status: 'failed', failure: 'smtp-550', orderId: String }] })
  t.match(asked.at(-1)?.request, { status: 'failed', channel: 'email' })
  t.equal((await send('GET /admin/notifications?status=lost', { as: 'admin' })).statusCode, 400)
  t.match((await send(`POST /admin/notifications/${id}/retry`, { as: 'admin' })).json(), { status: 'queued' })
})
