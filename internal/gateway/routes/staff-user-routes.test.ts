import t from 'tap'
import { ids, user } from '../testing/fake-services.ts'
import { testGateway } from '../testing/test-gateway.ts'

const shown = { ...user, blocked: false, permissions: [] }

t.test('admins list accounts by how a login begins, page by page', async (t) => {
  const { send, asked } = await testGateway(t)
  const first = await send('GET /admin/users?q=ada&role=customer&limit=1', { as: 'admin' })
  const { data, nextCursor } = first.json<{ data: unknown[]; nextCursor: string }>()
  t.strictSame(data, [shown])
  t.match(asked.at(-1)?.request, { query: 'ada', role: 'customer', limit: 1, afterId: undefined })
  await send(`GET /admin/users?q=ada&role=customer&limit=1&cursor=${nextCursor}`, { as: 'admin' })
  t.match(asked.at(-1)?.request, { afterId: ids.customer })
  const other = await send(`GET /admin/users?q=eve&cursor=${nextCursor}`, { as: 'admin' })
  t.equal(other.statusCode, 400, 'a cursor is of one list')
})

t.test('admins change a role or block an account', async (t) => {
  const { send, asked } = await testGateway(t)
  for (const body of [{ role: 'admin' }, { blocked: true }, { role: 'customer', blocked: false }]) {
    const answer = await send(`PATCH /admin/users/${ids.customer}`, { as: 'admin', body })
    t.strictSame(answer.json(), { user: shown })
    t.match(asked.at(-1), { method: 'changeAccess', request: { id: ids.customer, ...body } })
  }
  for (const body of [{}, { role: 'root' }, { blocked: 'yes' }, { email: 'x@example.com' }])
    t.equal((await send(`PATCH /admin/users/${ids.customer}`, { as: 'admin', body })).statusCode, 400)
})

t.test('admins give staff permissions, all of them at once, and only those that there are', async (t) => {
  const { send, asked } = await testGateway(t)
  const path = `PATCH /admin/users/${ids.customer}`
  await send(path, { as: 'admin', body: { role: 'staff', permissions: ['orders:read'] } })
  t.match(asked.at(-1)?.request, { role: 'staff', permissions: { replace: true, names: ['orders:read'] } })
  await send(path, { as: 'admin', body: { role: 'staff' } })
  t.match(asked.at(-1)?.request, { permissions: { replace: false, names: [] } })
  for (const names of [['orders'], ['orders:*'], 'orders:read'])
    t.equal((await send(path, { as: 'admin', body: { permissions: names } })).statusCode, 400)
})
