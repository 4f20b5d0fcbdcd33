import { createHmac } from 'node:crypto'
import pg from 'pg'
import { type Test } from 'tap'
import { keyId } from '../../platform/callers/tokens.ts'
import { newId } from '../../platform/new-id.ts'
import { eventually } from '../../platform/testing/eventually.ts'
import type { ProductBody } from './api.ts'
import { newPerson, password } from './sessions-suite.ts'
import type { Shop } from './shop.ts'

/** What a request does that is repeated under its Idempotency-Key. */
export function onceSuite(t: Test, { api, adminToken, databaseUrl, env, newProduct, settled }: Shop): void {
  const post = <Body = Record<string, unknown>>(path: string, token: string, key: string, body: unknown) =>
    api.request<Body>('POST', path, { token, body, headers: { 'idempotency-key': key } })
  const reused = (code: string) => ({ status: 422, body: { code } })
  const replayed = { headers: { 'idempotent-replayed': 'true' } }

  t.test('two admins may use the same key for deliveries of their own', async (t) => {
    const { id } = await newProduct(0)
    const other = adminTokenOf(env.JWT_SECRET ?? '')
    const book = (token: string, quantity = 5, reason = 'delivery') =>
      post(`/products/${id}/stock`, token, 'delivery-1', { quantity, reason })
    t.match(await book(adminToken), { status: 200, body: { stock: 5 } })
    t.match(await book(other), { status: 200, body: { stock: 10 } })
    t.match(await book(other), { status: 200, body: { stock: 10 }, ...replayed })
    t.match(await book(other, 5, 'count'), reused('stock.idempotency-key-reused'))
    t.match(await book(other, 6), reused('stock.idempotency-key-reused'))
    const { id: elsewhere } = await newProduct(0)
    const there = await post(`/products/${elsewhere}/stock`, other, 'delivery-1', {
      quantity: 5,
      reason: 'delivery',
    })
    t.match(there, { status: 200, body: { stock: 5 } })
  })

  t.test('a product that is added eight times at once under one key is one product', async (t) => {
    const product = { name: 'Once', category: 'test', price: 1, stock: 3, sku: `ONCE-${newId()}` }
    const key = `product-${'k'.repeat(247)}` // the longest key
    const all = await Promise.all(
      Array.from({ length: 8 }, () => post<ProductBody>('/products', adminToken, key, product)),
    )
    t.same(new Set(all.map(({ status }) => status)), new Set([201]))
    t.equal(new Set(all.map(({ body }) => body.id)).size, 1)
    t.equal(all.filter(({ headers }) => headers['idempotent-replayed'] === 'true').length, 7)
    const price = { ...product, price: 2 }
    t.match(await post('/products', adminToken, key, price), reused('request.idempotency-key-reused'))
  })

  t.test('an account that is registered again under its key is the same account', async (t) => {
    const name = `u${newId().slice(-12)}`
    const account = { username: name, email: `${name}@example.com`, password: 'correct horse battery' }
    const register = (password: string) =>
      post('/users/register', '', 'registration-1', { ...account, password })
    const first = await register(account.password)
    t.equal(first.status, 201)
    t.match(await register(account.password), { status: 201, body: first.body, ...replayed })
    t.match(await register('another password'), reused('request.idempotency-key-reused'))
  })

  t.test(
    'a password that is changed again under its key is changed once, and is not a wrong one',
    async (t) => {
      const person = await newPerson(api)
      const { body: pair } = await person.logIn()
      const change = (key: string, newPassword = 'battery staple 9') =>
        post('/users/me/password', pair.accessToken, key, { currentPassword: password, newPassword })
      const all = await Promise.all(Array.from({ length: 4 }, () => change('change-1')))
      t.same(new Set(all.map(({ status }) => status)), new Set([204]))
      t.equal(all.filter(({ headers }) => headers['idempotent-replayed'] === 'true').length, 3)
      t.match(await change('change-1'), { status: 204, ...replayed })
      t.match(await change('change-1', 'battery staple 10'), reused('request.idempotency-key-reused'))
      t.match(await change('change-2'), { status: 403, body: { code: 'user.wrong-password' } })
      t.equal((await person.logIn(api, 'battery staple 9')).status, 200)
    },
  )

  t.test('a mail that is asked for again under its key is one', async (t) => {
    const { logIn, email } = await newPerson(api)
    const { accessToken } = (await logIn()).body
    const sql = new pg.Client({ connectionString: databaseUrl })
    await sql.connect()
    t.teardown(() => sql.end())
    const asked = async (): Promise<number | null> => {
      const mails = `select 1 from users.mail_requests r join users.accounts a on a.id = r.user_id where a.email = $1`
      return (await sql.query(mails, [email])).rowCount
    }
    t.equal(await asked(), 1, 'of the registration')
    const ask = (key: string) => post('/auth/email-verification', accessToken, key, undefined)
    t.notOk((await ask('mail-1')).headers['idempotent-replayed'])
    t.match(await ask('mail-1'), { status: 202, ...replayed })
    t.equal(await asked(), 2)
    t.equal((await ask('mail-2')).status, 202)
    t.equal(await asked(), 3)
  })

  t.test('a cancellation that is repeated under its key is told as one', async (t) => {
    const product = await newProduct(3)
    const token = await api.newCustomer()
    const items = [{ productId: product.id, quantity: 1 }]
    const { body } = await api.request<{ id: string }>('POST', '/orders', { token, body: { items } })
    await settled(body.id, token)
    const cancel = (reason: string) => post(`/orders/${body.id}/cancel`, token, 'cancel-1', { reason })
    const first = await cancel('too late')
    t.match(first, { status: 200, body: { status: 'canceled' } })
    t.notOk(first.headers['idempotent-replayed'])
    t.match(await cancel('too late'), { status: 200, body: { status: 'canceled' }, ...replayed })
    t.match(await cancel('too dear'), reused('request.idempotency-key-reused'))
    await eventually('the stock is back', async () => {
      const { body: now } = await api.request<ProductBody>('GET', `/products/${product.id}`)
      return now.stock === 3
    })
  })
}

/** A token as the gateway makes it, of an admin who has no account. */
function adminTokenOf(secret: string): string {
  const exp = Math.floor(Date.now() / 1_000) + 600
  const claims = { sub: newId(), role: 'admin', email: 'second@example.com', sid: newId(), ver: 1, exp }
  const encode = (part: object): string => Buffer.from(JSON.stringify(part)).toString('base64url')
  const text = `${encode({ alg: 'HS256', typ: 'JWT', kid: keyId(secret) })}.${encode(claims)}`
  return `${text}.${createHmac('sha256', secret).update(text).digest('base64url')}`
}
