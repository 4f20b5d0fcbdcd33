import { status } from '@grpc/grpc-js'
import t from 'tap'
import { InventoryService } from '../gen/inventory/v1/inventory_pb.ts'
import { OrderService } from '../gen/order/v1/order_pb.ts'
import { UserService } from '../gen/user/v1/user_pb.ts'
import { permissions } from '../platform/permissions.ts'
import { eventually } from '../platform/testing/eventually.ts'
import { outsideMethods } from './outside-methods.ts'
import { testEdge } from './testing/test-edge.ts'

const contracts = [InventoryService, OrderService, UserService]

for (const contract of contracts) {
  t.test(`${contract.typeName} answers outside who its contract names`, async (t) => {
    const { client, users, asked } = await testEdge(t, contract)
    const people = { customer: users.token('customer'), admin: users.token('admin') }
    for (const { access, permission, desc, name } of outsideMethods(contract)) {
      const callers: readonly (readonly [who: string, token: string | undefined, isAllowed: boolean])[] = [
        ['nobody', undefined, access === 'anyone'],
        ['a token that is not ours', 'h.b.s', access === 'anyone'],
        ['a customer', people.customer, access === 'anyone' || access === 'customer'],
        ['an admin', people.admin, true],
        ['staff without', staffWithout(permission), access === 'anyone' || access === 'customer'],
        [
          'staff with',
          users.token('staff', { permissions: permission ? [permission] : [] }),
          access !== 'admin',
        ],
        ['a key without', users.key(permissions.filter((own) => own !== permission)), access === 'anyone'],
        [
          'a key with',
          users.key(permission ? [permission] : []),
          access === 'anyone' || permission !== undefined,
        ],
        ['a key that is not ours', `tsk_${'a'.repeat(43)}`, access === 'anyone'],
      ]
      for (const [who, token, isAllowed] of callers) {
        const before = asked.length
        const { code } = await client(desc.name, {}, token === undefined ? {} : { token })
        const isRefused = code === status.UNAUTHENTICATED || code === status.PERMISSION_DENIED
        t.equal(isRefused, !isAllowed, `${name}: ${who} ${isAllowed ? 'may' : 'may not'}`)
        t.equal(
          asked.length - before,
          isAllowed ? 1 : 0,
          `${name}: ${who} ${isAllowed ? 'reaches' : 'does not reach'} it`,
        )
      }
    }
    function staffWithout(permission: string | undefined): string {
      return users.token('staff', { permissions: permissions.filter((own) => own !== permission) })
    }
  })

  t.test(`${contract.typeName} does not know its own processes' methods outside`, async (t) => {
    const { client, users, asked } = await testEdge(t, contract)
    const token = users.token('admin')
    const served = new Set(outsideMethods(contract).map(({ desc }) => desc))
    const own = contract.methods.filter((method) => !served.has(method))
    t.ok(own.length > 3, 'it has some')
    for (const { name } of own) {
      const { code } = await client(name, {}, { token })
      t.equal(code, status.UNIMPLEMENTED, name)
    }
    t.same(asked, [])
  })
}

t.test('nobody reserves, releases or books stock from outside, and nobody reads tokens', async (t) => {
  const names = contracts.flatMap((contract) => outsideMethods(contract).map(({ name }) => name))
  for (const own of [
    'reserveStock',
    'releaseStock',
    'bookReturns',
    'replaceGoods',
    'quoteProducts',
    'readAccessToken',
    'findApiKey',
  ])
    t.notOk(names.includes(own), own)
  for (const guessing of ['logIn', 'changePassword', 'eraseUser', 'registerUser', 'confirmPasswordReset'])
    t.notOk(names.includes(guessing), `${guessing}, whose attempts only the gateway counts`)
})

t.test('handlers are told who calls, from where, and under which trace', async (t) => {
  const { client, users, asked } = await testEdge(t, OrderService)
  const traceparent = `00-${'a'.repeat(32)}-${'b'.repeat(16)}-01`
  const token = users.token('admin')
  await client('ListOrders', { limit: 5 }, { token, metadata: { traceparent } })
  const userId = users.idOf(token)
  t.match(asked[0], {
    method: 'listOrders',
    request: { limit: 5 },
    call: {
      actor: { kind: 'user', userId, role: 'admin' },
      by: { kind: 'user', id: userId, address: '127.0.0.1' },
      traceparent,
    },
  })
  await client('ListOrders', {}, { token, metadata: { traceparent: 'nonsense' } })
  t.equal(asked[1]?.call.traceparent, '')
})

t.test('a session that has ended is refused, and nobody is let in on a guess', async (t) => {
  const { client, users, asked } = await testEdge(t, OrderService)
  const token = users.token('customer')
  t.equal((await client('ListOrders', {}, { token })).code, status.OK)
  users.world.endings.push({ sessionId: users.sessionOf(token), userId: '', accessVersion: 0 })
  const answer = await eventually('it is refused', async () => {
    const told = await client('ListOrders', {}, { token })
    return told.code !== status.OK && told
  })
  t.match(answer, { code: status.UNAUTHENTICATED, errorCode: 'auth.session-revoked' })
  users.world.isAway = true
  const before = asked.length
  const other = await client('ListOrders', {}, { token: users.token('customer') })
  t.not(other.code, status.OK)
  t.equal(asked.length, before)
})

t.test('a token is good until it expires, however often it was seen', async (t) => {
  const { client, users } = await testEdge(t, OrderService)
  const token = users.token('customer', { expiresAt: new Date(Date.now() + 1_000).toISOString() })
  const call = () => client('ListOrders', {}, { token })
  t.equal((await call()).code, status.OK)
  const over = await eventually('it expires', async () => {
    const answer = await call()
    return answer.code !== status.OK && answer
  })
  t.match(over, { code: status.UNAUTHENTICATED, errorCode: 'auth.token-expired' })
})

t.test('staff without a second factor are refused where it is required', async (t) => {
  const { client, users } = await testEdge(t, OrderService, { limits: { staffSecondFactor: 'required' } })
  const refused = await client('ListOrders', {}, { token: users.token('admin') })
  t.match(refused, { code: status.PERMISSION_DENIED, errorCode: 'auth.second-factor-missing' })
  const allowed = await client('ListOrders', {}, { token: users.token('admin', { secondFactor: true }) })
  t.equal(allowed.code, status.OK)
})

t.test('callers are counted as in REST, each for itself', async (t) => {
  const limits = { rateLimitPerMinute: 2, apiKeyRequestsPerMinute: 1 }
  const { client, users } = await testEdge(t, OrderService, { limits })
  const [token, key] = [users.token('customer'), users.key(['orders:read'])]
  const codes = async (bearer: string, calls: number) => {
    const all = []
    for (let call = 0; call < calls; call++)
      all.push((await client('ListOrders', {}, { token: bearer })).code)
    return all
  }
  t.same(await codes(token, 3), [status.OK, status.OK, status.RESOURCE_EXHAUSTED])
  t.same(await codes(key, 2), [status.OK, status.RESOURCE_EXHAUSTED])
  t.same(await codes(users.token('customer'), 1), [status.OK])
})
