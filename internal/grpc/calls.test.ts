import { fromBinary, toJson, type DescMessage } from '@bufbuild/protobuf'
import { StructSchema } from '@bufbuild/protobuf/wkt'
import { status } from '@grpc/grpc-js'
import t from 'tap'
import { InventoryService } from '../gen/inventory/v1/inventory_pb.ts'
import { OrderService } from '../gen/order/v1/order_pb.ts'
import { ErrorInfoSchema, StatusSchema } from '../gen/platform/v1/status_pb.ts'
import { UserService } from '../gen/user/v1/user_pb.ts'
import { eventually } from '../platform/testing/eventually.ts'
import { Refusal, type RefusalKind } from '../platform/refusal.ts'
import { testEdge, type Answer } from './testing/test-edge.ts'

const refusals: readonly (readonly [RefusalKind, string, status])[] = [
  ['invalid', 'order.empty', status.INVALID_ARGUMENT],
  ['unauthenticated', 'auth.required', status.UNAUTHENTICATED],
  ['forbidden', 'auth.forbidden', status.PERMISSION_DENIED],
  ['not-found', 'order.not-found', status.NOT_FOUND],
  ['conflict', 'order.out-of-stock', status.FAILED_PRECONDITION],
  ['conflict', 'product.version-mismatch', status.ABORTED],
  ['conflict', 'product.sku-taken', status.ALREADY_EXISTS],
  ['unavailable', 'database.unavailable', status.UNAVAILABLE],
]

for (const [kind, code, expected] of refusals)
  t.test(`a refusal with ${code} keeps its code and details`, async (t) => {
    const details = { shortages: [{ productId: 'p', available: 1 }] }
    const answer = async () => {
      throw new Refusal(kind, code, 'not so, naïve', details)
    }
    const { client } = await testEdge(t, InventoryService, { answer })
    const told = await client('GetProduct', { id: 'x' })
    t.match(told, { code: expected, errorCode: code, text: 'not so, naïve' })
    const { info, struct, message } = statusIn(told)
    t.match(info, {
      reason: code.toUpperCase().replace(/[^A-Z]/g, '_'),
      domain: 'tillstream',
      metadata: { code },
    })
    t.same(struct, details)
    t.equal(message, 'not so, naïve')
  })

t.test('a bug tells nothing, and an answer that is none is a bug', async (t) => {
  const broken = [
    async () => Promise.reject(new Error('select secret from users')),
    async () => ({ product: { priceMinor: 'no number' } }),
  ]
  for (const answer of broken) {
    const { client } = await testEdge(t, InventoryService, { answer })
    const told = await client('GetProduct', { id: 'x' })
    t.match(told, { code: status.INTERNAL, errorCode: 'internal', text: 'internal error' })
    t.notMatch(JSON.stringify(told), /secret|number/)
  }
})

t.test('details that are too long for trailers are left out, and the code is told', async (t) => {
  const answer = async () => {
    throw new Refusal('conflict', 'checkout.total-changed', 'look', { cart: 'x'.repeat(20_000) })
  }
  const { client } = await testEdge(t, InventoryService, { answer })
  const told = await client('GetProduct', { id: 'x' })
  t.match(told, { code: status.FAILED_PRECONDITION, errorCode: 'checkout.total-changed' })
  t.equal(statusIn(told).struct, undefined)
})

t.test('requests reach handlers with every field written, and answers come back whole', async (t) => {
  const product = {
    id: 'p',
    priceMinor: '9007199254740993',
    stock: 3,
    images: ['a'],
    createdAt: '2026-01-02T03:04:05Z',
  }
  const { client, users, asked } = await testEdge(t, InventoryService, {
    answer: async () => ({ product, new: 1 }),
  })
  const { body } = await client(
    'UpdateProduct',
    { id: 'p', priceMinor: '5' },
    { token: users.token('admin') },
  )
  t.match(body, { product: { id: 'p', priceMinor: '9007199254740993', stock: 3, images: ['a'] } })
  t.strictSame(asked[0]?.request, {
    ...{ id: 'p', priceMinor: '5' },
    ...{ images: { replace: false, urls: [] }, attributes: { replace: false } },
  })
  const saved = await testEdge(t, UserService)
  await saved.client('SaveAddress', {}, { token: saved.users.token('customer') })
  t.match(saved.asked[0]?.request, { address: { name: '', country: '' }, defaultDelivery: false })
})

t.test('what is no request, or cannot be stored, or is too large, reaches no handler', async (t) => {
  const { client, asked } = await testEdge(t, InventoryService)
  t.match(await client('ListProducts', { query: 'a\0b' }), {
    code: status.INVALID_ARGUMENT,
    errorCode: 'request.malformed',
  })
  const large = { productIds: ['x'.repeat(300 * 1_024)] }
  t.equal((await client('GetStock', large)).code, status.RESOURCE_EXHAUSTED)
  t.same(asked, [])
})

t.test('a deadline is passed on, and a call whose time is over is not executed', async (t) => {
  const { client, asked } = await testEdge(t, InventoryService)
  await client('GetProduct', { id: 'x' })
  t.equal(asked[0]?.call.untilMs, undefined)
  await client('GetProduct', { id: 'x' }, { deadlineMs: 60_000 })
  const leftMs = (asked[1]?.call.untilMs ?? 0) - performance.now()
  t.ok(leftMs > 30_000 && leftMs <= 60_000, `${leftMs} ms are left`)
  const slow = await testEdge(t, InventoryService, { answer: () => new Promise(() => {}) })
  const late = await slow.client('GetProduct', { id: 'x' }, { deadlineMs: 200 })
  t.equal(late.code, status.DEADLINE_EXCEEDED)
  const busy = await testEdge(t, OrderService)
  const token = busy.users.token('customer')
  busy.users.world.answersAfterMs = 400
  const given = await busy.client('PlaceOrder', {}, { token, deadlineMs: 200 })
  t.equal(given.code, status.DEADLINE_EXCEEDED)
  busy.users.world.answersAfterMs = 0
  await eventually('the call has been looked at', async () => {
    return (await busy.client('ListOrders', {}, { token })).code === status.OK
  })
  t.same(
    busy.asked.map(({ method }) => method),
    ['listOrders'],
  )
})

t.test('a repeated request is known by its key, its caller, its method and its content', async (t) => {
  const { client, users, asked } = await testEdge(t, OrderService)
  const [ada, eve] = [users.token('customer'), users.token('customer')]
  const cancel = async (token: string, key: string, request: object) => {
    await client('CancelOrder', request, { token, metadata: { 'idempotency-key': key } })
    return asked.at(-1)?.call.once
  }
  const first = await cancel(ada, 'k', { id: 'o' })
  t.match(first, { key: /^[\w-]{43}$/, fingerprint: /^[\w-]{43}$/ })
  t.same(await cancel(ada, 'k', { id: 'o' }), first)
  const other = await cancel(ada, 'k', { id: 'p' })
  t.equal(other?.key, first?.key)
  t.not(other?.fingerprint, first?.fingerprint, 'another request under the same key')
  for (const once of [await cancel(eve, 'k', { id: 'o' }), await cancel(ada, 'l', { id: 'o' })])
    t.not(once?.key, first?.key)
  await client('CancelOrder', { id: 'o' }, { token: ada })
  t.equal(asked.at(-1)?.call.once, undefined)
})

t.test('a key may stand in the metadata or in the request, but not two of them', async (t) => {
  const { client, users, asked } = await testEdge(t, OrderService)
  const token = users.token('customer')
  await client('PlaceOrder', {}, { token, metadata: { 'idempotency-key': 'k' } })
  await client('PlaceOrder', { idempotencyKey: 'k' }, { token })
  t.same(
    asked.map(({ request }) => (request as { idempotencyKey: string }).idempotencyKey),
    ['k', 'k'],
  )
  const refused = [
    await client('PlaceOrder', { idempotencyKey: 'l' }, { token, metadata: { 'idempotency-key': 'k' } }),
    await client('PlaceOrder', {}, { token, metadata: { 'idempotency-key': 'k'.repeat(256) } }),
    await client('ListOrders', {}, { token, metadata: { 'idempotency-key': 'k' } }),
  ]
  for (const answer of refused)
    t.match(answer, { code: status.INVALID_ARGUMENT, errorCode: 'request.invalid' })
  t.equal(asked.length, 2)
})

t.test('calls that are under way end before the listener does, and new ones are not taken', async (t) => {
  let end: (answer: unknown) => void = () => {}
  const answer = () => new Promise((resolve) => void (end = resolve))
  const { client, scope, asked } = await testEdge(t, InventoryService, { answer })
  const underWay = client('GetProduct', { id: 'x' })
  await eventually('it is under way', async () => asked.length === 1)
  const closed = scope.close()
  end({ product: { id: 'x' } })
  t.match(await underWay, { code: status.OK, body: { product: { id: 'x' } } })
  await closed
  t.equal((await client('GetProduct', { id: 'x' }, { deadlineMs: 2_000 })).code === status.OK, false)
})

function statusIn({ trailers }: Answer) {
  const bytes = trailers.get('grpc-status-details-bin')[0]
  const { message, details } = fromBinary(StatusSchema, bytes as Buffer)
  const read = (desc: DescMessage, name: string) => {
    const any = details.find(({ typeUrl }) => typeUrl === `type.googleapis.com/${name}`)
    return any && fromBinary(desc, any.value)
  }
  const struct = details.find(({ typeUrl }) => typeUrl.endsWith('google.protobuf.Struct'))
  return {
    message,
    info: read(ErrorInfoSchema, 'google.rpc.ErrorInfo'),
    struct: struct && toJson(StructSchema, fromBinary(StructSchema, struct.value)),
  }
}
