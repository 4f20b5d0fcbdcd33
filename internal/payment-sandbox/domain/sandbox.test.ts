import fc from 'fast-check'
import t from 'tap'
import { captured, disputed, refunded } from './payment.ts'
import { createSandbox, newWorld, type Handled, type Sandbox } from './sandbox.ts'
import { seededRandom } from '../../platform/seeded-random.ts'
import { apply, putsOf, type Put } from './world.ts'

const start = Date.parse('2026-11-28T12:00:00Z')

function openSandbox(): Sandbox {
  const world = newWorld()
  apply(world, { table: 'seed', value: 's' })
  return createSandbox({ world, random: seededRandom(1), publicUrl: 'http://pay.example' })
}

type Call = { readonly method: string; readonly path: string; readonly body?: string; readonly key?: string }

function send({ handle }: Sandbox, { method, path, body = '', key }: Call, now = start): Handled {
  const headers = {
    authorization: path.startsWith('/v2') ? 'Bearer test_1' : 'Bearer sk_test_1',
    'idempotency-key': key,
  }
  const [bare = '', query = ''] = path.split('?')
  return handle({ method, path: bare, query: new URLSearchParams(query), headers, body }, now)
}

const pay = (more = '', key?: string): Call => ({
  ...{ method: 'POST', path: '/v1/payment_intents' },
  body: `amount=1000&currency=eur&confirm=true&payment_method=pm_card_visa&return_url=https://shop.example${more}`,
  ...(key === undefined ? {} : { key }),
})

const payIdeal: Call = {
  ...{ method: 'POST', path: '/v2/payments' },
  body: JSON.stringify({
    ...{ amount: { currency: 'EUR', value: '10.00' }, method: 'ideal', description: 'one' },
    redirectUrl: 'https://shop.example',
  }),
}

const steps = fc.oneof(
  fc
    .constantFrom(
      pay(),
      pay('&capture_method=manual'),
      pay('&capture_method=manual&payment_method_options[card][request_multicapture]=if_available'),
      payIdeal,
    )
    .map((call) => ({ kind: 'create' as const, call })),
  fc.record({
    kind: fc.constantFrom('capture', 'cancel', 'refund', 'approve', 'dispute', 'wait'),
    which: fc.nat(5),
    amount: fc.integer({ min: -1, max: 1_200 }),
    isFinal: fc.boolean(),
  }),
)

function take(
  sandbox: Sandbox,
  step: typeof steps extends fc.Arbitrary<infer Step> ? Step : never,
  now: number,
): readonly Put[] {
  if ('call' in step) return send(sandbox, step.call, now).puts
  const { kind, which, amount, isFinal } = step
  const ref = sandbox.world.order[which % Math.max(1, sandbox.world.order.length)] ?? 'none'
  const post = (path: string, body: string) => send(sandbox, { method: 'POST', path, body }, now).puts
  const intent = `/v1/payment_intents/${ref}`
  if (kind === 'capture')
    return post(`${intent}/capture`, `amount_to_capture=${amount}&final_capture=${isFinal}`)
  if (kind === 'cancel') return post(`${intent}/cancel`, '')
  if (kind === 'refund') return post('/v1/refunds', `payment_intent=${ref}&amount=${amount}`)
  if (kind === 'approve') return post(`/pay/${ref}/approve`, '')
  if (kind === 'dispute') return post(`/control/charges/${ref}/dispute`, JSON.stringify({ amount }))
  return sandbox.tick(now)
}

t.test(
  'whatever is asked of it, it takes no more than was authorized and gives back no more than it took',
  (t) => {
    fc.assert(
      fc.property(fc.array(steps, { maxLength: 30 }), (path) => {
        const sandbox = openSandbox()
        path.forEach((step, index) => take(sandbox, step, start + index * 600_000))
        for (const payment of sandbox.world.payments.values()) {
          const sums = [captured(payment) + payment.authorized, refunded(payment), disputed(payment)]
          const most = [payment.amount, captured(payment), captured(payment)]
          if (sums.some((sum, index) => sum < 0 || sum > (most[index] ?? 0))) return false
        }
        return true
      }),
    )
    t.end()
  },
)

t.test('its puts make the same world again, whole or without their history', (t) => {
  fc.assert(
    fc.property(fc.array(steps, { maxLength: 20 }), (path) => {
      const sandbox = openSandbox()
      const again = newWorld()
      apply(again, { table: 'seed', value: 's' })
      path.forEach((step, index) => take(sandbox, step, start + index).forEach((put) => apply(again, put)))
      const short = newWorld()
      for (const put of putsOf(sandbox.world, start)) apply(short, put)
      t.strictSame(again, sandbox.world)
      t.strictSame(short, sandbox.world)
    }),
    { numRuns: 30 },
  )
  t.end()
})

t.test('the same seed, times and calls give the same answers, faults and all', (t) => {
  const run = (): unknown => {
    const sandbox = openSandbox()
    const calls = { failRate: 0.2, hangRate: 0.2, doThenFailRate: 0.2 }
    send(sandbox, {
      method: 'PUT',
      path: '/control',
      body: JSON.stringify({ calls, webhooks: { drop: 0.5 } }),
    })
    return Array.from({ length: 40 }, (_, index) =>
      send(sandbox, pay('', `key ${index % 20}`), start + index),
    )
  }
  t.strictSame(run(), run())
  t.end()
})

t.test('a key is remembered for a day by Stripe, and a stored failure with it', (t) => {
  const sandbox = openSandbox()
  const declined = send(sandbox, pay('&payment_method=pm_card_visa', 'one')).answer
  const replayed = send(sandbox, pay('&payment_method=pm_card_visa', 'one'), start + 86_399_999).answer
  t.equal(replayed.body, declined.body)
  t.equal(replayed.headers['idempotent-replayed'], 'true')
  t.not(
    send(sandbox, pay('&payment_method=pm_card_visa', 'one'), start + 86_400_000).answer.body,
    declined.body,
  )
  const wrongForm = send(sandbox, pay('&amount=1', 'two'))
  t.equal(
    wrongForm.puts.some(({ table }) => table === 'key'),
    wrongForm.answer.status === 200,
  )
  t.end()
})

t.test(
  "Mollie's attempts end by themselves, and an authorization of Stripe's lapses after seven days",
  (t) => {
    const sandbox = openSandbox()
    send(sandbox, payIdeal)
    send(sandbox, pay('&capture_method=manual'))
    const statuses = () => [...sandbox.world.payments.values()].map(({ status }) => status)
    sandbox.tick(start + 899_999)
    t.strictSame(statuses(), ['action_required', 'authorized'])
    sandbox.tick(start + 900_000)
    t.strictSame(statuses(), ['expired', 'authorized'])
    sandbox.tick(start + 7 * 86_400_000)
    t.strictSame(statuses(), ['expired', 'lapsed'])
    t.end()
  },
)
