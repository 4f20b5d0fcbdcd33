import t from 'tap'
import { fakeServices } from './testing/fake-services.ts'
import { endpointTable, testGateway, tokenOf } from './testing/test-gateway.ts'

t.test('a code goes along with a login', async (t) => {
  const { send, asked } = await testGateway(t)
  const credentials = { email: 'ada@example.com', password: 'correct horse' }
  await send('POST /users/login', { body: { ...credentials, code: '123456' } })
  t.match(asked.find(({ method }) => method === 'logIn')?.request, { code: '123456' })
  await send('POST /users/login', { body: credentials })
  t.match(asked.filter(({ method }) => method === 'logIn').at(-1)?.request, { code: '' })
  t.equal(
    (await send('POST /users/login', { body: { ...credentials, code: 'x'.repeat(41) } })).statusCode,
    400,
  )
})

t.test(
  'where staff need a second factor, those without may set one up and leave, and nothing else',
  async (t) => {
    const { send, app } = await testGateway(t, { staffSecondFactor: 'required' })
    const bearer = (claims: object) => ({ authorization: `Bearer ${tokenOf(app, 'admin', claims)}` })
    const missing = { status: 403, code: 'auth.second-factor-missing' }
    for (const claims of [{}, { role: 'staff', prm: ['log:read'] }]) {
      const headers = bearer(claims)
      for (const route of [
        'GET /admin/log',
        'GET /orders',
        'POST /products',
        'DELETE /users/me/second-factor',
      ])
        t.match((await send(route, { headers })).json(), missing, route)
      for (const route of ['POST /users/me/second-factor', 'GET /auth/validate', 'POST /auth/logout'])
        t.match(String((await send(route, { headers })).statusCode), /^2/, route)
      t.equal((await send('GET /admin/log', { headers: bearer({ ...claims, sf: true }) })).statusCode, 200)
    }
    t.equal((await send('GET /orders', { as: 'customer' })).statusCode, 200, 'customers need none')
    const open = endpointTable().filter(({ isForSetup }) => isForSetup)
    t.notOk(open.some(({ access }) => access === 'staff' || access === 'admin'))
  },
)

t.test('a token says whether there is a second factor', async (t) => {
  const account = (await fakeServices().users.getUser({ id: '' }, {} as never)).user
  const session = (await fakeServices().users.listSessions({}, {} as never)).sessions[0]!
  const logIn = async () => ({ user: { ...account, role: 'admin', secondFactor: true }, session })
  const { send } = await testGateway(t, {
    ...{ ...fakeServices({ users: { logIn } }), staffSecondFactor: 'required' },
  })
  const answer = await send('POST /users/login', { body: { email: 'a@example.com', password: 'x' } })
  const { accessToken } = answer.json<{ accessToken: string }>()
  const headers = { authorization: `Bearer ${accessToken}` }
  t.equal((await send('GET /admin/log', { headers })).statusCode, 200)
})
