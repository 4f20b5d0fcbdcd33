import { connect } from 'node:net'
import { text } from 'node:stream/consumers'
import t from 'tap'
import { ids } from './testing/fake-services.ts'
import { testGateway, type Request } from './testing/test-gateway.ts'

const gateway = await testGateway(t)
const line = { productId: ids.product, quantity: 1 }
const goods = { name: 'Mug', category: 'kitchen', price: 1.5, stock: 1 }
const account = { username: 'ada', email: 'ada@example.com', password: 'correct horse' }

/** Each row has what is sent and by whom, and the status and code of the answer. */
const matrix: readonly (readonly [what: string, route: string, Request, status: number, code: string])[] = [
  ['malformed JSON', 'POST /orders', { body: '{"items":' }, 400, 'request.malformed-json'],
  ['no JSON at all', 'POST /orders', { body: 'NaN' }, 400, 'request.malformed-json'],
  ['an empty body', 'POST /orders', { body: '' }, 400, 'request.invalid'],
  ['no body', 'POST /orders', {}, 400, 'request.invalid'],
  ['an array', 'POST /orders', { body: [] }, 400, 'request.invalid'],
  ['null', 'POST /orders', { body: 'null' }, 400, 'request.invalid'],
  ['__proto__', 'POST /orders', { body: '{"__proto__":{"x":1}}' }, 400, 'request.malformed-json'],
  [
    'constructor.prototype',
    'POST /orders',
    { body: '{"constructor":{"prototype":{}}}' },
    400,
    'request.malformed-json',
  ],
  ['another language', 'POST /orders', { body: 'a=1', headers: { 'content-type': 'text/plain' } }, 415, 'request.unsupported-media-type'],
  ['a form', 'POST /orders', { body: 'a=1', headers: { 'content-type': 'application/x-www-form-urlencoded' } }, 415, 'request.unsupported-media-type'],
  ['a body over the limit', 'POST /orders', { body: 'x'.repeat(512 * 1024 + 1) }, 413, 'request.too-large'],
  ['no items', 'POST /orders', { body: { items: [] } }, 400, 'request.invalid'],
  ['1,001 lines', 'POST /orders', { body: { items: Array(1_001).fill(line) } }, 400, 'request.invalid'],
  ['an unknown field', 'POST /orders', { body: { items: [line], discount: 1 } }, 400, 'request.invalid'],
  ['an unknown field of a line', 'POST /orders', { body: { items: [{ ...line, unitPrice: 0 }] } }, 400, 'request.invalid'],
  ...([0, -1, 1.5, 100_001, 1e21, '1', true, null, [1]] as const).map(
    (quantity) =>
      [
        `a quantity of ${JSON.stringify(quantity)}`,
        'POST /orders',
        { body: { items: [{ ...line, quantity }] } },
        400,
        'request.invalid',
      ] as const,
  ),
  ['a quantity of 1e309', 'POST /orders', { body: `{"items":[{"productId":"${ids.product}","quantity":1e309}]}` }, 400, 'request.invalid'],
  ['a product id that is no UUID', 'POST /orders', { body: { items: [{ ...line, productId: "1' or '1'='1" }] } }, 400, 'request.invalid'],
  ['a NUL', 'POST /users/register', { body: { ...account, name: 'a\0b' } }, 400, 'request.invalid-text'],
  ['a bell', 'POST /products', { body: { ...goods, name: 'a\u0007b' } }, 400, 'request.invalid-text'],
  ['a backspace', 'POST /products', { body: { ...goods, description: 'a\bb' } }, 400, 'request.invalid-text'],
  ['a form feed', 'POST /products', { body: { ...goods, sku: 'a\fb' } }, 400, 'request.invalid-text'],
  ['a delete character', 'POST /products', { body: { ...goods, category: 'a\x7fb' } }, 400, 'request.invalid-text'],
  ['a control character of ISO 8859', 'POST /users/register', { body: { ...account, name: 'a\u0085b' } }, 400, 'request.invalid-text'],
  ['a control character in a password', 'POST /users/login', { body: { email: 'a@b.c', password: '\u0001'.repeat(9) } }, 400, 'request.invalid-text'],
  ['a control character in the query', 'GET /products?q=%01', {}, 400, 'request.invalid-text'],
  ['a name of 201 emoji', 'POST /products', { body: { ...goods, name: '🎁'.repeat(201) } }, 400, 'request.invalid'],
  ['a lone surrogate', 'POST /users/register', { body: { ...account, name: '\ud83d' } }, 400, 'request.invalid-text'],
  ['a NUL in a name of a field', 'POST /users/register', { body: { ...account, 'a\0': 1 } }, 400, 'request.invalid-text'],
  ['a NUL in a reason', `POST /orders/${ids.order}/cancel`, { body: { reason: '\0' } }, 400, 'request.invalid-text'],
  ['a NUL in the query', 'GET /products?q=%00', {}, 400, 'request.invalid-text'],
  ['a surrogate in the query', 'GET /products?q=%ED%A0%80', {}, 400, 'request.malformed-url'],
  ['a NUL in a cursor', 'GET /products?cursor=%00', {}, 400, 'request.invalid-text'],
  ['a NUL in the path', 'GET /products/%00', {}, 400, 'request.invalid-text'],
  ['half an escape in the query', 'GET /products?q=%', {}, 400, 'request.malformed-url'],
  ['half an escape in the path', 'GET /products/%zz', {}, 400, 'request.malformed-url'],
  ['a very long id', `GET /products/${'a'.repeat(500)}`, {}, 400, 'request.malformed-url'],
  ['an id that is no UUID', 'GET /products/42', {}, 400, 'request.invalid'],
  ['an order id that is no UUID', 'GET /orders/42', {}, 400, 'request.invalid'],
  ['a user id that is no UUID', 'GET /users/42', {}, 400, 'request.invalid'],
  ['SQL for an id', "GET /orders/1'%20or%20'1'='1", {}, 400, 'request.invalid'],
  ['too many decimals', 'POST /products', { body: { ...goods, price: 9.999 } }, 400, 'money.invalid'],
  ['a negative price', 'POST /products', { body: { ...goods, price: -1 } }, 400, 'request.invalid'],
  ['a price of 1e309', 'POST /products', { body: '{"name":"a","category":"b","stock":1,"price":1e309}' }, 400, 'request.invalid'],
  ['a price of NaN', 'POST /products', { body: '{"name":"a","category":"b","stock":1,"price":NaN}' }, 400, 'request.malformed-json'],
  ['a price of 1e20', 'POST /products', { body: { ...goods, price: 1e20 } }, 400, 'money.invalid'],
  ['a price as text', 'POST /products', { body: { ...goods, price: '1.50' } }, 400, 'request.invalid'],
  ['half a unit of stock', 'POST /products', { body: { ...goods, stock: 0.5 } }, 400, 'request.invalid'],
  ['more stock than can be counted', 'POST /products', { body: { ...goods, stock: 2 ** 31 } }, 400, 'request.invalid'],
  ['no name', 'POST /products', { body: { ...goods, name: '' } }, 400, 'request.invalid'],
  ['a script for an image', 'POST /products', { body: { ...goods, images: ['javascript:alert(1)'] } }, 400, 'request.invalid'],
  ['21 images', 'POST /products', { body: { ...goods, images: Array(21).fill('https://a.b/c') } }, 400, 'request.invalid'],
  ['a patch of nothing', `PATCH /products/${ids.product}`, { body: {} }, 400, 'request.invalid'],
  ['a patch of the stock', `PATCH /products/${ids.product}`, { body: { stock: 5 } }, 400, 'request.invalid'],
  ['If-Match that is no ETag', `PATCH /products/${ids.product}`, { body: { name: 'x' }, headers: { 'if-match': '3' } }, 400, 'request.if-match-invalid'],
  ['If-Match of another kind of tag', `DELETE /products/${ids.product}`, { headers: { 'if-match': 'W/"3"' } }, 412, 'product.version-mismatch'],
  ['an adjustment by 0', `POST /products/${ids.product}/stock`, { body: { quantity: 0, reason: 'x' } }, 400, 'request.invalid'],
  ['an adjustment without a reason', `POST /products/${ids.product}/stock`, { body: { quantity: 1 } }, 400, 'request.invalid'],
  ['a limit of 0', 'GET /products?limit=0', {}, 400, 'request.invalid'],
  ['a limit of 101', 'GET /orders?limit=101', {}, 400, 'request.invalid'],
  ['an empty limit', 'GET /products?limit=', {}, 400, 'request.invalid'],
  ['a fractional limit', 'GET /products?limit=1.5', {}, 400, 'request.invalid'],
  ['two limits', 'GET /products?limit=1&limit=2', {}, 400, 'request.invalid'],
  ['a price that is none', 'GET /products?minPrice=1e309', {}, 400, 'request.invalid'],
  ['a hexadecimal price', 'GET /products?minPrice=0x10', {}, 400, 'request.invalid'],
  ['a price with too many decimals', 'GET /products?maxPrice=1.005', {}, 400, 'money.invalid'],
  ['inStock=maybe', 'GET /products?inStock=maybe', {}, 400, 'request.invalid'],
  ['an unknown sort', 'GET /products?sort=id;drop', {}, 400, 'request.invalid'],
  ['an unknown parameter', 'GET /products?page=2', {}, 400, 'request.invalid'],
  ['an unknown status', 'GET /orders?status=lost', {}, 400, 'request.invalid'],
  ['a status that nobody may set', `PATCH /orders/${ids.order}`, { body: { status: 'confirmed' } }, 400, 'request.invalid'],
  ['a cursor that is none', 'GET /products?cursor=abc', {}, 400, 'cursor.invalid'],
  ['a cursor without a signature', 'GET /products?cursor=WyJhIl0.', {}, 400, 'cursor.invalid'],
  ['an endless cursor', `GET /products?cursor=${'a'.repeat(2_001)}`, {}, 400, 'request.invalid'],
  ['an empty Idempotency-Key', 'POST /orders', { body: { items: [line] }, headers: { 'idempotency-key': '' } }, 400, 'request.invalid'],
  ['an Idempotency-Key with a blank', 'POST /orders', { body: { items: [line] }, headers: { 'idempotency-key': 'a b' } }, 400, 'request.invalid'],
  ['an Idempotency-Key with a NUL', 'POST /orders', { body: { items: [line] }, headers: { 'idempotency-key': 'a\0b' } }, 400, 'request.invalid-text'],
  ['an Idempotency-Key with a line break', 'POST /orders', { body: { items: [line] }, headers: { 'idempotency-key': 'a\r\nx: y' } }, 400, 'request.invalid'],
  ['an endless Idempotency-Key', 'POST /orders', { body: { items: [line] }, headers: { 'idempotency-key': 'a'.repeat(256) } }, 400, 'request.invalid'],
  ['an e-mail address that is none', 'POST /users/register', { body: { ...account, email: 'ada' } }, 400, 'request.invalid'],
  ['a username with an @', 'POST /users/register', { body: { ...account, username: 'a@b' } }, 400, 'request.invalid'],
  ['a role', 'POST /users/register', { body: { ...account, role: 'admin' } }, 400, 'request.invalid'],
  ['a login by nothing', 'POST /users/login', { body: { password: 'x' } }, 400, 'request.invalid'],
  ['a login by both', 'POST /users/login', { body: account }, 400, 'request.invalid'],
  ['a role for oneself', 'PATCH /users/me', { body: { role: 'admin' } }, 400, 'request.invalid'],
  ['1,001 ids', 'POST /products/stock', { body: { ids: Array(1_001).fill(ids.product) } }, 400, 'request.invalid'],
  ['a discard without a reason', `POST /admin/dead-letters/${ids.letter}/discard`, { body: {} }, 400, 'request.invalid'],
  ['an unknown route', 'GET /nowhere', {}, 404, 'request.unknown-route'],
  ['an unknown method', `PUT /products/${ids.product}`, {}, 405, 'request.method-not-allowed'],
] // prettier-ignore

for (const [what, route, request, status, code] of matrix) {
  t.test(`${what}: ${status} ${code}`, async (t) => {
    gateway.asked.length = 0
    const answer = await gateway.send(route, { as: 'admin', ...request })
    t.equal(answer.statusCode, status, answer.body)
    t.match(answer.headers['content-type'], 'application/problem+json')
    const problem = answer.json<Record<string, unknown>>()
    t.match(problem, { type: 'about:blank', status, code, instance: String, requestId: String })
    t.equal(problem.requestId, answer.headers['x-request-id'])
    t.notMatch(answer.body, /node_modules|\.ts:\d|at [A-Z]\w+\./, 'no stack')
    t.strictSame(gateway.asked, [], 'no service was asked')
  })
}

t.test('lengths count code points, and lines and blanks around a login are fine', async (t) => {
  const name = '🎁'.repeat(200)
  const product = { ...goods, name, sku: '🎁'.repeat(64), category: '🎁'.repeat(100), description: 'a\n\tb' }
  for (const [route, body] of [
    ['POST /products', product],
    ['POST /products', { ...product, name: 'e\u0301'.repeat(200) }],
    ['POST /products', JSON.stringify({ ...goods, name: 'e+'.repeat(200) }).replaceAll('+', '\\u0301')],
    ['POST /users/register', { ...account, username: ' ada ', email: ' ada@example.com', address: 'a\r\nb' }],
    ['POST /users/login', { email: ' ada@example.com', password: 'pässwörter'.normalize('NFD') }],
  ] as const) {
    const answer = await gateway.send(route, { as: 'admin', body })
    t.ok(answer.statusCode < 300, answer.body)
  }
  const answer = await gateway.send(`GET /products?q=${encodeURIComponent('ệ'.repeat(200).normalize('NFD'))}`)
  t.equal(answer.statusCode, 200, answer.body)
})

t.test('every wrong field is named by its path', async (t) => {
  const body = { items: [line, { productId: 'x', quantity: 0, note: '' }] }
  const answer = await gateway.send('POST /orders', { as: 'customer', body })
  t.match(answer.json(), {
    errors: [
      { in: 'body', path: '/items/1/note', message: 'is not known here' },
      { in: 'body', path: '/items/1/productId', message: 'must match format "uuid"' },
      { in: 'body', path: '/items/1/quantity', message: 'must be >= 1' },
    ],
  })
})

t.test('what is missing is named too', async (t) => {
  const answer = await gateway.send('POST /products', { as: 'admin', body: {} })
  const paths = answer.json<{ errors: { path: string }[] }>().errors.map(({ path }) => path)
  t.strictSame(paths.sort(), ['/category', '/name', '/price', '/stock'])
})

t.test('a body of a thousand faults gets a short answer', async (t) => {
  const body = { items: Array(1_000).fill({ productId: 'x', quantity: 0 }) }
  const answer = await gateway.send('POST /orders', { as: 'customer', body })
  t.ok(answer.body.length < 2_000)
})

t.test('invalid UTF-8 is refused', async (t) => {
  const { app, send } = gateway
  const { statusCode } = await send('POST /orders', { as: 'admin', body: '{"a":"\\ud83d\\ude00"}' })
  t.equal(statusCode, 400, 'a whole pair is a character; only the field is unknown')
  const answer = await app.inject({
    method: 'POST',
    url: '/users/login',
    headers: { 'content-type': 'application/json' },
    payload: Buffer.from([0x22, 0xff, 0x22]),
  })
  t.match(answer.json(), { status: 400, code: 'request.malformed-json' })
})

t.test('an unknown method says which there are', async (t) => {
  const { headers } = await gateway.send(`POST /orders/${ids.order}`, { as: 'admin' })
  t.equal(headers.allow, 'GET, HEAD, PATCH')
  t.equal((await gateway.send('DELETE /livez')).headers.allow, 'GET, HEAD')
})

t.test('text that only looks like code is text', async (t) => {
  const reason = `'; drop table orders; -- <script>alert(1)</script> %00 \\u0000 😀`
  const answer = await gateway.send(`POST /orders/${ids.order}/cancel`, { as: 'customer', body: { reason } })
  t.equal(answer.statusCode, 200, answer.body)
  t.match(gateway.asked.at(-1)?.request, { reason })
})

for (const [what, request, status, code] of [
  ['what is no HTTP', 'nonsense', 400, 'request.malformed-http'],
  ['no Host', 'GET /products HTTP/1.1', 400, 'request.host-missing'],
  ['no Host on an unknown route', 'GET /nowhere HTTP/1.1', 400, 'request.host-missing'],
  [
    'a foreign expectation',
    'GET /livez HTTP/1.1\r\nhost: x\r\nexpect: tea',
    417,
    'request.expectation-failed',
  ],
  [
    'an expectation of a POST',
    'POST /orders HTTP/1.1\r\nhost: x\r\nexpect: 200-ok\r\ncontent-length: 0',
    417,
    'request.expectation-failed',
  ],
  ['a method that HTTP does not know', 'BREW / HTTP/1.1\r\nhost: x', 400, 'request.malformed-http'],
] as const)
  // prettier-ignore
  t.test(`${what} gets a problem too`, async (t) => {
    const { app } = await testGateway(t)
    const url = new URL(await app.listen({ host: '127.0.0.1', port: 0 }))
    const socket = connect(Number(url.port), url.hostname)
    socket.end(`${request}\r\n\r\n`)
    const answer = await text(socket)
    t.match(answer, new RegExp(`^HTTP/1\\.1 ${status} [\\w ]+\\r\\n`))
    t.match(answer, /content-type: application\/problem\+json/i)
    t.match(answer, new RegExp(`"code":"${code}"`))
  })
