// What a fresh project does with the package: it knows nothing of this repository. Prints what it has seen as JSON.
import { createHmac } from 'node:crypto'
import { each, isProblem, openShop } from 'tillstream-sdk'

const { SHOP_URL: baseUrl, JWT_SECRET: secret, ADMIN_EMAIL: email, ADMIN_PASSWORD: password } = process.env
const seen = {}

let kept
const admin = openShop({ baseUrl, onTokens: (tokens) => void (kept = tokens) })
await admin.logIn({ body: { email, password } })
seen.hasTokens = kept !== undefined
for (const name of ['one', 'two', 'three'])
  await admin.createProduct({ body: { name, category: 'sdk', price: 5, stock: 2, sku: `SDK-${name}` } })

const names = []
const list = (query) => admin.listProducts({ query })
for await (const product of each(list, { category: 'sdk', limit: 2, sort: 'name' })) names.push(product.name)
seen.names = names

// The same access token, but its time is over: the package refreshes it.
const [head, claims] = kept.accessToken.split('.')
const old = { ...JSON.parse(Buffer.from(claims, 'base64url').toString()), exp: 1_700_000_000 }
const signed = `${head}.${Buffer.from(JSON.stringify(old)).toString('base64url')}`
const signature = createHmac('sha256', secret).update(signed).digest('base64url')
const expired = { accessToken: `${signed}.${signature}`, refreshToken: kept.refreshToken }
let renewed
const again = openShop({ baseUrl, tokens: expired, onTokens: (tokens) => void (renewed = tokens) })
const [own, ...rest] = await Promise.all(Array.from({ length: 4 }, () => again.getOwnUser()))
seen.email = own.data.email
seen.isRenewed = renewed !== undefined && renewed.accessToken !== expired.accessToken && rest.length === 3

// An answer that got lost: the order is sent twice under one key, and is one order.
let lost = 0
const flaky = openShop({
  baseUrl,
  tokens: renewed,
  async fetch(request) {
    const response = await fetch(request)
    if (request.method !== 'POST' || lost > 0) return response
    lost++
    throw new TypeError('the answer got lost')
  },
})
const { data: found } = await flaky.listProducts({ query: { category: 'sdk', limit: 1 } })
const items = [{ productId: found.data[0].id, quantity: 1 }]
const { data: order, response } = await flaky.placeOrder({ body: { items } })
seen.replayed = response.headers.get('idempotent-replayed')
const { data: orders } = await flaky.listOrders({ query: { limit: 10 } })
seen.orders = orders.data.filter(({ id }) => id === order.id).length === 1 ? orders.data.length : -1

try {
  await flaky.placeOrder({ body: { items: [{ ...items[0], quantity: 50 }] } })
} catch (err) {
  seen.code = isProblem(err, 'order.out-of-stock') ? err.code : String(err)
  seen.status = err.status
}
await again.logOut()
seen.isOver = renewed === undefined
process.stdout.write(`${JSON.stringify(seen)}\n`)
