import fc from 'fast-check'
import t from 'tap'
import { deepestJson } from './limits.ts'
import { ids } from './testing/fake-services.ts'
import { testGateway } from './testing/test-gateway.ts'

// A refusal costs little, however large and odd the request is.

const gateway = await testGateway(t)

/** Of a slow machine under other load. On the code before these limits the large bodies took several times as long. */
const littleMs = 60

/** The shortest of a few, because other work of the machine is no cost of the request. */
async function cheapest(route: string, body: string) {
  const runs = [await timed(route, body), await timed(route, body), await timed(route, body)]
  return runs.reduce((best, run) => (run.ms < best.ms ? run : best))
}

async function timed(route: string, body: string) {
  const began = performance.now()
  const answer = await gateway.send(route, { as: 'admin', body })
  return { answer, ms: performance.now() - began }
}

const list = (count: number, item: string): string => Array<string>(count).fill(item).join(',')

for (const [what, route, body] of [
  ['250,000 wrong ids', 'POST /products/stock', `{"ids":[${list(250_000, '1')}]}`],
  ['wrong ids up to the limit', 'POST /products/stock', `{"ids":[${list(15_000, '"x"')}]}`],
  ['60,000 wrong order lines', 'POST /orders', `{"items":[${list(60_000, '{"a":1}')}]}`],
  ['80,000 numbers for images', 'POST /products', `{"images":[${list(80_000, '1')}]}`],
] as const)
  t.test(`${what} are refused by their number`, async (t) => {
    const { answer, ms } = await cheapest(route, body)
    t.ok([400, 413].includes(answer.statusCode), answer.body)
    t.ok(answer.body.length < 2_000, 'the answer is short')
    t.ok(ms < littleMs, `it took ${ms} ms`)
  })

t.test('a list that is too long is told of, and not what is in it', async (t) => {
  const { answer } = await timed('POST /products/stock', `{"ids":[${list(1_001, '1')}]}`)
  t.strictSame(answer.json<{ errors: unknown }>().errors, [
    { in: 'body', path: '/ids', message: 'must not have more than 1000 items' },
  ])
})

t.test('unknown names are told of as far as a few', async (t) => {
  const names = Array.from({ length: 2_000 }, (_, n) => `"n${n}":1`).join(',')
  const { answer, ms } = await cheapest('POST /products', `{${names}}`)
  t.equal(answer.statusCode, 400)
  t.ok(answer.json<{ errors: unknown[] }>().errors.length <= 8)
  t.ok(ms < littleMs, `it took ${ms} ms`)
  const query = Array.from({ length: 1_000 }, (_, n) => `n${n}=1`).join('&')
  t.ok((await gateway.send(`GET /products?${query}`)).body.length < 2_000)
  const long = await timed('POST /products', `{"${'n'.repeat(50_000)}":1}`)
  t.ok(long.answer.body.length < 2_000, 'nor is a long name repeated')
})

t.test('a body is as large as its route needs', async (t) => {
  const body = (bytes: number): string => JSON.stringify({ password: 'x'.repeat(bytes - 15) })
  for (const [route, bytes] of [
    ['POST /users/login', 4_096],
    [`POST /orders/${ids.order}/cancel`, 8_192],
    [`POST /products/${ids.product}/stock`, 8_192],
    ['POST /users/register', 32_768],
    ['POST /products/stock', 65_536],
    ['POST /products', 196_608],
    ['POST /orders', 262_144],
  ] as const) {
    t.equal((await timed(route, body(bytes))).answer.statusCode, 400, `${route} takes ${bytes} bytes`)
    t.match((await timed(route, body(bytes + 1))).answer.json(), { status: 413, code: 'request.too-large' })
  }
})

t.test('the largest valid bodies are taken, however they are escaped', async (t) => {
  const escaped = (length: number): string => '\\ud83d\\ude00'.repeat(length)
  const name = `{"username":"ada","email":"ada@example.com","password":"${'x'.repeat(72)}","name":"${escaped(100)}","address":"${escaped(500)}"}`
  t.equal((await timed('POST /users/register', name)).answer.statusCode, 201)
  const lines = list(1_000, `{ "productId": "${ids.product}",\n      "quantity": 100000 }`)
  t.equal((await timed('POST /orders', `{"items":[${lines}]}`)).answer.statusCode, 201)
  t.equal(
    (await timed('POST /products/stock', `{"ids":[${list(1_000, `"${ids.product}"`)}]}`)).answer.statusCode,
    200,
  )
})

const nested = (depth: number, open: string, close: string, inside: string): string =>
  open.repeat(depth) + inside + close.repeat(depth)

t.test('no depth of JSON is more than a refusal', async (t) => {
  const shapes = fc.constantFrom(['[', ']'] as const, ['{"a":', '}'] as const, ['[{"a":[', ']}]'] as const)
  const inside = fc.constantFrom('1', '"\\u0061"', '"["', '"\\\\"', '"\\"{{"')
  const property = fc.asyncProperty(
    fc.integer({ min: 1, max: 30_000 }),
    shapes,
    inside,
    async (depth, [open, close], inner) => {
      const { answer } = await timed('POST /orders', nested(depth, open, close, inner))
      t.match(answer.json(), { status: answer.statusCode === 413 ? 413 : 400, code: /^request\./ })
    },
  )
  await fc.assert(property, { numRuns: 60 })
})

t.test('the depth is bounded, and brackets in texts are none', async (t) => {
  const at = async (depth: number, inside: string) =>
    (await timed('POST /orders', nested(depth, '[', ']', inside))).answer.json<{ code: string }>().code
  t.equal(await at(deepestJson, '"[[{\\"[{"'), 'request.invalid')
  t.equal(await at(deepestJson + 1, ''), 'request.too-deep')
  t.equal(await at(5_000, '"\\u0061"'), 'request.too-deep')
})
