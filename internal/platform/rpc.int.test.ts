import { headers } from '@nats-io/transport-node'
import t from 'tap'
import { HealthService } from '../gen/health/v1/health_pb.ts'
import type { Call } from './call.ts'
import { Refusal } from './refusal.ts'
import { remote, serveRpc } from './rpc.ts'
import type { Health } from './service.ts'
import { eventually } from './testing/eventually.ts'
import { stepped } from './testing/stepped-clock.ts'
import { testNats } from './testing/nats-server.ts'
import { silent, testConnection, testScope } from './testing/scope.ts'

type Test = Parameters<typeof testScope>[0]

const nobody: Call = { actor: undefined, correlationId: '', traceparent: '' }
const empty = { checks: [] }

/** Opens a server and a caller, each with its own connection as in two processes. */
async function twoEnds(t: Test, checkReadiness: Health['checkReadiness']) {
  const server = await testNats(t)
  const scope = testScope(t)
  const nats = await testConnection(t, server.url, 'server')
  const handlers: Health = { checkReadiness, readGauges: async () => ({ gauges: [] }) }
  serveRpc(scope, silent, nats, 'health', HealthService, handlers)
  await nats.connection.flush()
  const caller = await testConnection(t, server.url, 'caller')
  return { server, scope, nats, caller, health: remote(caller, 'health', HealthService) }
}

t.test('an answer comes back as it was given', async (t) => {
  const answer = { checks: [{ name: 'ä "quoted"', ready: true, detail: '' }] }
  const { health } = await twoEnds(t, async () => answer)
  t.same(await health.checkReadiness({}, nobody), answer)
})

t.test('who asks, and on whose behalf, travels with the call', async (t) => {
  const calls: Call[] = []
  const { health } = await twoEnds(t, async (_request, call) => {
    calls.push(call)
    return empty
  })
  const sent: Call[] = [
    nobody,
    { actor: { kind: 'system' }, correlationId: 'c-1', traceparent: '00-aa-bb-01' },
    { actor: { kind: 'user', userId: 'u-1', role: 'admin' }, correlationId: 'c-2', traceparent: '' },
    { actor: { kind: 'user', userId: 'u-2', role: 'customer' }, correlationId: 'c-3', traceparent: '' },
    {
      actor: { kind: 'user', userId: 'u-3', role: 'staff', permissions: ['orders:read', 'log:read'] },
      ...{ correlationId: 'c-7', traceparent: '' },
    },
    {
      actor: { kind: 'user', userId: 'u-3', role: 'staff', permissions: [] },
      correlationId: '',
      traceparent: '',
    },
    {
      actor: { kind: 'key', keyId: 'k-3', permissions: ['stock:write'] },
      correlationId: '',
      traceparent: '',
    },
    { actor: { kind: 'guest', cartId: 'c-9' }, correlationId: 'c-4', traceparent: '' },
    { actor: { kind: 'buyer', orderId: 'o-9' }, correlationId: 'c-5', traceparent: '' },
    {
      ...{ actor: { kind: 'system' }, correlationId: 'c-6', traceparent: '' },
      by: { kind: 'key', id: 'k-1', address: '::/64' },
    },
  ]
  for (const call of sent) await health.checkReadiness({}, call)
  t.same(calls, sent)
})

t.test(
  'what is left of a deadline outside goes with the call, and nobody is asked when nothing is left',
  async (t) => {
    const calls: Call[] = []
    const { health } = await twoEnds(t, async (_request, call) => {
      calls.push(call)
      return empty
    })
    await health.checkReadiness({}, { ...nobody, untilMs: performance.now() + 60_000 })
    const leftMs = (calls[0]?.untilMs ?? 0) - performance.now()
    t.ok(leftMs > 0 && leftMs <= 5_000, `${leftMs} ms: no longer than the caller of this request waits`)
    const late = { ...nobody, untilMs: performance.now() - 1 }
    await t.rejects(health.checkReadiness({}, late), { kind: 'unavailable', code: 'request.out-of-time' })
    t.equal(calls.length, 1)
  },
)

t.test('nobody becomes somebody by a header that makes no sense', async (t) => {
  const { caller, nats } = await twoEnds(t, async (_request, call) => {
    throw new Refusal('invalid', 'actor', JSON.stringify(call.actor ?? null))
  })
  t.ok(nats.isConnected())
  for (const actor of ['', 'root:1', 'admin', 'admin:', 'System', 'systemx', ':u-1', 'guest', 'guest:']) {
    const written = headers()
    written.set('actor', actor)
    const reply = await caller.connection.request('svc.health.checkReadiness', '{}', {
      headers: written,
      timeout: 5_000,
    })
    t.match(reply.json(), { refused: { message: 'null' } }, actor)
  }
})

t.test('a refusal arrives with kind, code, words and details', async (t) => {
  const { health } = await twoEnds(t, async () => {
    throw new Refusal('conflict', 'order.canceled', 'too late', { orderId: 'o-1' })
  })
  const err = await health.checkReadiness({}, nobody).catch((caught: unknown) => caught)
  t.ok(err instanceof Refusal)
  t.match(err, {
    kind: 'conflict',
    code: 'order.canceled',
    message: 'too late',
    details: { orderId: 'o-1' },
  })
})

t.test('of a bug the caller learns nothing but that it was one', async (t) => {
  const { caller } = await twoEnds(t, async () => {
    throw new TypeError('secret cannot be read')
  })
  const reply = await caller.connection.request('svc.health.checkReadiness', '{}', { timeout: 5_000 })
  t.same(reply.json(), { refused: { kind: 'internal', code: 'internal', message: 'internal error' } })
  const broken = await caller.connection.request('svc.health.checkReadiness', 'not json', { timeout: 5_000 })
  t.match(broken.json(), { refused: { kind: 'internal' } })
})

t.test('an answer that no message can hold is an error at once, not silence', async (t) => {
  const { health } = await twoEnds(t, async () => ({
    checks: [{ name: 'x'.repeat(1_100_000), ready: true, detail: '' }],
  }))
  const started = performance.now()
  await t.rejects(health.checkReadiness({}, nobody), { code: 'internal' })
  t.ok(performance.now() - started < 2_000)
})

t.test('a service that nobody runs is unavailable at once', async (t) => {
  const server = await testNats(t)
  const caller = await testConnection(t, server.url)
  const started = performance.now()
  await t.rejects(remote(caller, 'health', HealthService).checkReadiness({}, nobody), {
    kind: 'unavailable',
    code: 'service.unavailable',
  })
  t.ok(performance.now() - started < 1_000)
})

t.test('without a connection the call fails at once and is not sent later', async (t) => {
  let executed = 0
  const { health, server, caller, nats } = await twoEnds(t, async () => {
    executed++
    return empty
  })
  await server.kill()
  await eventually('both have noticed', () => !caller.isConnected() && !nats.isConnected())
  const started = performance.now()
  await t.rejects(health.checkReadiness({}, nobody), { code: 'service.unavailable' })
  t.ok(performance.now() - started < 200)
  await server.start()
  await eventually('both are back', () => caller.isConnected() && nats.isConnected())
  await nats.connection.flush()
  await health.checkReadiness({}, nobody)
  t.equal(executed, 1, 'the call that was refused has not been executed')
})

t.test('a request under way when the server dies ends as unavailable', async (t) => {
  const arrived: (() => void)[] = []
  const { health, server } = await twoEnds(
    t,
    () => new Promise((resolve) => arrived.push(() => resolve(empty))),
  )
  const asked = health.checkReadiness({}, nobody)
  asked.catch(() => undefined)
  await eventually('the request has arrived', () => arrived.length === 1)
  await server.kill()
  await t.rejects(asked, { kind: 'unavailable', code: 'service.unavailable' })
  arrived[0]?.()
})

t.test('what its caller has given up on, while this process was held up, is not executed', async (t) => {
  const asked: string[] = []
  const { nats, caller } = await twoEnds(t, async (_request, { correlationId }) => {
    asked.push(correlationId)
    return empty
  })
  const impatient = remote(caller, 'health', HealthService, { timeoutMs: 300 })
  const patient = remote(caller, 'health', HealthService, { timeoutMs: 60_000 })
  const ask = async () => {
    asked.length = 0
    const givenUp = impatient.checkReadiness({}, { ...nobody, correlationId: 'impatient' })
    givenUp.catch(() => undefined)
    const answered = patient.checkReadiness({}, { ...nobody, correlationId: 'patient' })
    await caller.connection.flush() // the broker has them, and they are on their way here
    return { givenUp, answered }
  }
  let { givenUp, answered } = await ask()
  // They may have come already, and then this process is held up too late.
  while (asked.length > 0) ({ givenUp, answered } = await ask())
  const until = performance.now() + 700
  while (performance.now() < until); // meanwhile this process reads nothing
  await t.rejects(givenUp, { code: 'service.unavailable' })
  await answered
  await nats.connection.flush()
  t.same(asked, ['patient'])
})

t.test('two ends whose clocks differ understand each other', async (t) => {
  const clock = stepped(t)
  let isAhead = false
  const { health } = await twoEnds(t, async () => {
    isAhead = Date.now() > performance.timeOrigin + performance.now() + 500_000
    return empty
  })
  // The caller sends its request before the first await, so the server that answers it sees another clock.
  for (const offsetMs of [600_000, -600_000]) {
    clock.offsetMs = 0
    const asked = health.checkReadiness({}, nobody)
    clock.offsetMs = offsetMs
    await asked
    t.equal(isAhead, offsetMs > 0)
  }
})

t.test('a caller of the version before, whose deadline is of another clock, is answered', async (t) => {
  const { caller } = await twoEnds(t, async () => empty)
  const written = headers()
  written.set('deadline', String(Date.now() - 60_000))
  const options = { headers: written, timeout: 5_000 }
  const reply = await caller.connection.request('svc.health.checkReadiness', '{}', options)
  t.same(reply.json(), { ok: empty })
})

t.test('requests under way when the service closes are answered', async (t) => {
  const open: (() => void)[] = []
  const held = 20
  const { health, scope } = await twoEnds(t, async () => {
    if (open.length < held) await new Promise<void>((resolve) => open.push(resolve))
    return empty
  })
  const asked = Promise.all(Array.from({ length: held }, () => health.checkReadiness({}, nobody)))
  await eventually('all have arrived', () => open.length === held)
  let isClosed = false
  const closed = scope.close().then(() => (isClosed = true))
  await eventually('new ones are turned away', async () => {
    const code = await health.checkReadiness({}, nobody).then(
      () => '',
      (err: unknown) => (err instanceof Refusal ? err.code : String(err)),
    )
    return code === 'service.unavailable'
  })
  t.notOk(isClosed, 'closing waits for the answers')
  for (const end of open) end()
  t.equal((await asked).length, held)
  await closed
})

t.test('two replicas share the calls, each call once', async (t) => {
  const counts = [0, 0]
  const server = await testNats(t)
  for (const index of [0, 1]) {
    const nats = await testConnection(t, server.url)
    const handlers: Health = {
      checkReadiness: async () => {
        counts[index]!++
        return empty
      },
      readGauges: async () => ({ gauges: [] }),
    }
    serveRpc(testScope(t), silent, nats, 'health', HealthService, handlers)
    await nats.connection.flush()
  }
  const health = remote(await testConnection(t, server.url), 'health', HealthService)
  await Promise.all(Array.from({ length: 100 }, () => health.checkReadiness({}, nobody)))
  t.equal(counts[0]! + counts[1]!, 100)
  t.ok(counts.every((count) => count > 0))
})
