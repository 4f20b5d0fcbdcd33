import t from 'tap'
import { ids, savedAddress } from '../testing/fake-services.ts'
import { testGateway } from '../testing/test-gateway.ts'

const { line2: _, region: __, phone: ___, ...shown } = savedAddress.address

t.test('an address is saved as a checkout takes it, and shown without what is empty', async (t) => {
  const { send, asked } = await testGateway(t)
  const body = { address: shown, defaultBilling: true }
  const answer = await send('POST /users/me/addresses', { as: 'customer', body })
  t.equal(answer.statusCode, 201)
  t.equal(answer.headers['cache-control'], 'no-store')
  t.strictSame(answer.json(), { ...savedAddress, address: shown })
  const wanted = { address: savedAddress.address, defaultDelivery: false, defaultBilling: true }
  t.strictSame(asked.at(-1)?.request, wanted)
  const { data } = (await send('GET /users/me/addresses', { as: 'customer' })).json<{ data: unknown }>()
  t.strictSame(data, [{ ...savedAddress, address: shown }])
})

t.test('a change names only what it changes', async (t) => {
  const { send, asked } = await testGateway(t)
  const path = `/users/me/addresses/${ids.order}`
  const changed = await send(`PATCH ${path}`, { as: 'customer', body: { defaultDelivery: true } })
  t.equal(changed.statusCode, 200)
  t.match(asked.at(-1)?.request, { id: ids.order, address: { country: '' }, defaultDelivery: true })
  t.equal((await send(`DELETE ${path}`, { as: 'customer' })).statusCode, 204)
  t.same(asked.at(-1)?.request, { id: ids.order })
})

t.test('half an address is none', async (t) => {
  const { send } = await testGateway(t)
  const body = { address: { name: 'Ada' } }
  const answer = await send(`PATCH /users/me/addresses/${ids.order}`, { as: 'customer', body })
  t.match(answer.json(), { status: 400, code: 'request.invalid' })
})
