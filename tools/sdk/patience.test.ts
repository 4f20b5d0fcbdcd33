import t from 'tap'
import { each } from '../../sdk/src/each.ts'
import { sendPatiently, type Patience } from '../../sdk/src/patience.ts'
import { isProblem, shopError, ShopError } from '../../sdk/src/problem.ts'
import { openSession } from '../../sdk/src/session.ts'
import { shopFetch } from '../../sdk/src/shop-fetch.ts'

const patience: Patience = { repetitions: 3, longestWaitMs: 1_000 }
const url = 'http://shop.example/orders'
const tokens = { accessToken: 'old', refreshToken: 'r-1' }

type Answer = number | Error | Readonly<{ status: number; headers?: Record<string, string>; body?: unknown }>

/** Answers in turn, and the last answer again and again. */
function api(...answers: readonly Answer[]) {
  const seen: Request[] = []
  const send = async (request: Request): Promise<Response> => {
    const answer = answers[Math.min(seen.push(request), answers.length) - 1] ?? 200
    if (answer instanceof Error) throw answer
    const { status, headers = {}, body = {} } = typeof answer === 'number' ? { status: answer } : answer
    return new Response(JSON.stringify(body), { status, headers })
  }
  return { seen, send }
}

const soon = (status: number) => ({ status, headers: { 'retry-after': '0' } })
const post = (headers: Record<string, string> = {}, method = 'POST') =>
  new Request(url, { method, headers, body: '{"a":1}' })

t.test('a request with a key is sent again as it was, when it was refused for the moment', async (t) => {
  const { send, seen } = api(soon(503), soon(429), new TypeError('reset'), 201)
  const response = await sendPatiently(post({ 'idempotency-key': 'k' }), send, patience)
  t.equal(response.status, 201)
  t.equal(seen.length, 4)
  for (const request of seen) {
    t.equal(request.headers.get('idempotency-key'), 'k')
    t.equal(await request.text(), '{"a":1}')
  }
})

t.test('it is sent four times at the most, and the last refusal is told', async (t) => {
  const { send, seen } = api(soon(503))
  t.equal((await sendPatiently(new Request(url), send, patience)).status, 503)
  t.equal(seen.length, 4)
  const broken = api(new TypeError('reset'))
  await t.rejects(sendPatiently(new Request(url), broken.send, { ...patience, repetitions: 1 }), /reset/)
  t.equal(broken.seen.length, 2)
})

t.test('what might be done twice is not sent twice', async (t) => {
  for (const request of [post(), post({}, 'PATCH')]) {
    const refused = api(soon(503), 200)
    t.equal((await sendPatiently(request, refused.send, patience)).status, 503)
    const broken = api(new TypeError('reset'), 200)
    await t.rejects(sendPatiently(request, broken.send, patience), /reset/)
    // Nothing was done when it is one too many.
    const early = api(soon(429), 200)
    t.equal((await sendPatiently(request, early.send, patience)).status, 200)
  }
})

t.test('a Retry-After is waited for, but not one that is too long', async (t) => {
  const { send } = api({ status: 429, headers: { 'retry-after': '1' } }, 200)
  const startedAt = performance.now()
  t.equal((await sendPatiently(new Request(url), send, patience)).status, 200)
  t.ok(performance.now() - startedAt >= 990)
  const at = new Date(Date.now() + 3_600_000).toUTCString()
  for (const later of ['60', at]) {
    const long = api({ status: 429, headers: { 'retry-after': later } }, 200)
    t.equal((await sendPatiently(new Request(url), long.send, patience)).status, 429)
  }
})

t.test('who gives up need not wait for the next attempt', async (t) => {
  const { send, seen } = api({ status: 503, headers: { 'retry-after': '1' } })
  const stop = new AbortController()
  const waiting = sendPatiently(new Request(url, { signal: stop.signal }), send, patience)
  setTimeout(() => stop.abort(new Error('enough')), 50)
  await t.rejects(waiting, /enough/)
  t.equal(seen.length, 1)
})

function shop(answers: readonly Answer[], refresh: () => Promise<Response>, apiKey = '') {
  const told: unknown[] = []
  const { send, seen } = api(...answers)
  const onTokens = (kept: unknown) => void told.push(kept)
  const session = openSession({ tokens: apiKey ? undefined : tokens, onTokens, refresh })
  return { send: shopFetch({ send, patience, session, apiKey }), seen, told, session }
}

const expired = { status: 401, body: { code: 'auth.token-expired' } }
const fresh = async () => Response.json({ accessToken: 'new', refreshToken: 'r-2' })

t.test('every POST has a key by itself, and that of the caller when there is one', async (t) => {
  const { send, seen } = shop([201], fresh)
  await send(post())
  await send(post())
  await send(post({ 'idempotency-key': 'mine' }))
  const keys = seen.map(({ headers }) => headers.get('idempotency-key'))
  t.match(keys, [/^[0-9a-f-]{36}$/, /^[0-9a-f-]{36}$/, 'mine'])
  t.equal(new Set(keys).size, 3)
})

t.test('what takes no key and may not be repeated gets none, and is not sent twice', async (t) => {
  for (const path of ['/auth/token', '/users/me/second-factor/confirm', '/admin/products/import']) {
    const { send, seen } = shop([new Error('no answer'), 200], fresh)
    await t.rejects(send(new Request(`https://shop.example/api${path}`, { method: 'POST' })), /no answer/)
    t.equal(seen.length, 1)
    t.notOk(seen[0]?.headers.has('idempotency-key'), path)
  }
})

t.test('requests that are refused together wait for one refresh', async (t) => {
  let refreshes = 0
  const { send, seen, told } = shop([...Array.from({ length: 5 }, () => expired), 200], async () => {
    refreshes++
    return fresh()
  })
  const all = await Promise.all(Array.from({ length: 5 }, () => send(new Request(url))))
  t.same(new Set(all.map(({ status }) => status)), new Set([200]))
  t.equal(refreshes, 1)
  t.equal(seen.at(-1)?.headers.get('authorization'), 'Bearer new')
  t.same(told, [{ accessToken: 'new', refreshToken: 'r-2' }])
})

t.test('a session is over when the API says so, and not when it is away', async (t) => {
  const over = shop([expired], async () => Response.json({ code: 'auth.session-revoked' }, { status: 401 }))
  t.equal((await over.send(new Request(url))).status, 401)
  t.same(over.told, [undefined])
  const away = shop([expired], async () => new Response('bad gateway', { status: 502 }))
  await t.rejects(away.send(new Request(url)), { status: 502, code: 'unknown' })
  t.same(away.told, [])
  t.same(away.session.tokens(), tokens)
})

t.test('a login gives the session its tokens, and a logout takes them', async (t) => {
  const { send, told } = shop(
    [{ status: 200, body: { accessToken: 'a', refreshToken: 'b', more: 1 } }, 204],
    fresh,
  )
  await send(new Request('http://shop.example/users/login', { method: 'POST' }))
  t.same(told, [{ accessToken: 'a', refreshToken: 'b' }])
  const leaving = shop([200], fresh)
  await leaving.send(new Request('http://shop.example/auth/logout', { method: 'POST' }))
  t.same(leaving.told, [undefined])
})

t.test('a back end calls by its key, and refreshes nothing', async (t) => {
  const { send, seen, told } = shop([expired], fresh, 'tsk_key')
  t.equal((await send(new Request(url))).status, 401)
  t.equal(seen[0]?.headers.get('authorization'), 'Bearer tsk_key')
  t.same(told, [])
})

t.test('a problem is known by its code', async (t) => {
  const err = shopError(409, { code: 'order.out-of-stock', detail: 'no more', shortages: [] })
  t.ok(err instanceof ShopError)
  t.ok(isProblem(err, 'order.out-of-stock'))
  t.notOk(isProblem(err, 'order.not-found'))
  t.notOk(isProblem(new Error('x')))
  t.match(shopError(502, '<html>'), { status: 502, code: 'unknown' })
})

t.test('the entries of all pages come one after another, and no page is asked for too early', async (t) => {
  const asked: unknown[] = []
  const list = async (query: { size: number; cursor?: string }) => {
    asked.push(query)
    const at = Number(query.cursor ?? 0)
    return { data: { data: [at, at + 1], nextCursor: at < 4 ? String(at + 2) : null } }
  }
  const seen: number[] = []
  for await (const entry of each(list, { size: 2 })) {
    seen.push(entry)
    t.equal(asked.length, Math.floor(entry / 2) + 1)
  }
  t.same(seen, [0, 1, 2, 3, 4, 5])
  t.same(asked, [{ size: 2 }, { size: 2, cursor: '2' }, { size: 2, cursor: '4' }])
})
