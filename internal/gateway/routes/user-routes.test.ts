import t from 'tap'
import { Refusal } from '../../platform/refusal.ts'
import { fakeServices, ids, user } from '../testing/fake-services.ts'
import { testGateway } from '../testing/test-gateway.ts'

t.test('registering answers with the account and where it is', async (t) => {
  const { send, asked } = await testGateway(t)
  const body = { username: 'Ada', email: 'Ada@example.com', password: 'correct horse', name: 'Ada' }
  const answer = await send('POST /users/register', { body })
  t.equal(answer.statusCode, 201)
  t.equal(answer.headers.location, `/users/${ids.customer}`)
  t.strictSame(answer.json(), { user })
  t.strictSame(asked.at(-1)?.request, { ...body, phone: '', address: '' })
})

t.test('what is taken is a conflict', async (t) => {
  const registerUser = async (): Promise<never> => {
    throw new Refusal('conflict', 'user.email-taken', 'taken')
  }
  const { send } = await testGateway(t, fakeServices({ users: { registerUser } }))
  const body = { username: 'ada', email: 'ada@example.com', password: 'correct horse' }
  t.match((await send('POST /users/register', { body })).json(), { status: 409, code: 'user.email-taken' })
})

t.test('one sees and changes oneself, and the service is asked for others', async (t) => {
  const { send, asked } = await testGateway(t)
  t.strictSame((await send('GET /users/me', { as: 'customer' })).json(), user)
  t.strictSame(asked.at(-1)?.request, { id: ids.customer })
  t.strictSame((await send('PATCH /users/me', { as: 'customer', body: { phone: '1' } })).json(), user)
  t.strictSame(asked.at(-1)?.request, { phone: '1' })
  t.equal((await send(`GET /users/${ids.admin}`, { as: 'customer' })).statusCode, 200)
  t.match(asked.at(-1)?.request, { id: ids.admin })
})
