import t from 'tap'
import { deadLetter, fakeServices, ids } from '../testing/fake-services.ts'
import { testGateway } from '../testing/test-gateway.ts'

const shown = { ...deadLetter, streamSequence: 9_007_199_254_740_991 }

t.test('dead letters are listed and shown', async (t) => {
  const { send, asked } = await testGateway(t)
  const list = await send('GET /admin/dead-letters?status=open&limit=3', { as: 'admin' })
  t.strictSame(list.json(), { data: [shown], nextCursor: null })
  t.match(asked[0]?.request, { status: 'open', limit: 3 })
  t.strictSame((await send(`GET /admin/dead-letters/${ids.letter}`, { as: 'admin' })).json(), shown)
})

t.test('dead letters are requeued, or discarded with a reason', async (t) => {
  const { send, asked } = await testGateway(t)
  const route = `POST /admin/dead-letters/${ids.letter}`
  t.match((await send(`${route}/requeue`, { as: 'admin' })).json(), { status: 'requeued' })
  const body = { reason: 'a test' }
  t.match((await send(`${route}/discard`, { as: 'admin', body })).json(), { status: 'discarded' })
  t.strictSame(asked[1]?.request, { id: ids.letter, reason: 'a test' })
})

t.test('the audit is answered whatever it finds', async (t) => {
  const good = await testGateway(t)
  t.strictSame((await good.send('GET /admin/audit', { as: 'admin' })).json(), {
    ok: true,
    invariants: [{ name: 'stock', checked: 3, violations: 0, offenders: [] }],
  })
  const invariants = [{ name: 'stock', checked: 3, violations: 1, offenders: ['MUG-1 has -1'] }]
  const bad = await testGateway(t, fakeServices({ consumer: { runAudit: async () => ({ invariants }) } }))
  const answer = await bad.send('GET /admin/audit', { as: 'admin' })
  t.equal(answer.statusCode, 200)
  t.strictSame(answer.json(), { ok: false, invariants })
})
