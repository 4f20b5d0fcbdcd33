import { generateSync } from 'otplib'
import type { Test } from 'tap'
import type { Api } from './api.ts'
import { newPerson, password, refresh, refusedAfter, type Pair } from './sessions-suite.ts'
import { newStaff } from './staff-suite.ts'

/** The promise is a second; the requests themselves take some of it on a busy machine. */
const withinMs = 1_000

type Gateways = readonly [Api, ...Api[]]

const path = '/users/me/second-factor'
type Begun = { readonly secret: string; readonly uri: string }
type Codes = { readonly recoveryCodes: readonly string[] }

/** Codes of the step after the next ones are not good yet, so these are of the step `ahead` of now. */
export const codeOf = (secret: string, ahead = 0): string =>
  generateSync({ secret, epoch: Math.floor(Date.now() / 1_000) + ahead * 30 })

/** What the shop promises of second factors. The first gateway is where things are done, and all of them must know. */
export function secondFactorSuite(t: Test, gateways: Gateways): void {
  useTests(t, gateways)
  guessTests(t, gateways)
}

function useTests(t: Test, gateways: Gateways): void {
  const [here] = gateways
  const there = gateways.at(-1) ?? here

  t.test('a second factor is set up, needed, used once at any gateway, and removed', async (t) => {
    const person = await newPerson(here)
    const logInWith = (api: Api, code?: string) =>
      api.request<Pair>('POST', '/users/login', { body: { email: person.email, password, code } })
    const { body: pair } = await person.logIn()
    const { status, body: begun } = await here.request<Begun>('POST', path, { token: pair.accessToken })
    t.equal(status, 201)
    t.match(begun.uri, /^otpauth:\/\/totp\//)
    const first = codeOf(begun.secret, -1)
    const confirmed = await there.request<Codes>('POST', `${path}/confirm`, {
      ...{ token: pair.accessToken, body: { code: first } },
    })
    t.equal(confirmed.status, 200)
    t.equal(confirmed.body.recoveryCodes.length, 10)
    t.ok((await refusedAfter(gateways, pair)) < withinMs, 'tokens of before are good no more')
    t.equal((await refresh(here, pair)).status, 200, 'the session goes on')

    t.match(await logInWith(here), { status: 401, body: { code: 'auth.second-factor-required' } })
    t.match(await logInWith(here, first), { status: 401, body: { code: 'auth.bad-second-factor' } })
    const code = codeOf(begun.secret)
    const raced = await Promise.all([here, there, here, there].map((api) => logInWith(api, code)))
    t.equal(raced.filter((answer) => answer.status === 200).length, 1, 'a code opens once')
    const [recovery = ''] = confirmed.body.recoveryCodes
    const recovered = await Promise.all([here, there].map((api) => logInWith(api, recovery)))
    t.equal(recovered.filter((answer) => answer.status === 200).length, 1, 'a recovery code opens once')

    const token = recovered.find((answer) => answer.status === 200)?.body.accessToken
    t.match(await here.request('DELETE', path, { token, body: { code } }), {
      ...{ status: 403, body: { code: 'user.wrong-code' } },
    })
    const removed = await there.request('DELETE', path, {
      token,
      body: { code: confirmed.body.recoveryCodes[1] },
    })
    t.equal(removed.status, 204)
    t.equal((await logInWith(here)).status, 200)
  })
}

/** It is the limit of codes that is seen here, so a shop that runs this has high ones for each address. */
export const manyGuesses = { LOGIN_FAILURES_PER_MINUTE: '1000' }

function guessTests(t: Test, gateways: Gateways): void {
  const [here] = gateways
  const there = gateways.at(-1) ?? here
  const tooMany = { status: 429, body: { code: 'auth.too-many-codes' } }

  /** Somebody with a second factor that is set up, or about to be. */
  async function newOwner(isConfirmed: boolean) {
    const { email, logIn } = await newPerson(here)
    const { body: pair } = await logIn()
    const { body: begun } = await here.request<Begun>('POST', path, { token: pair.accessToken })
    const body = { code: codeOf(begun.secret, -1) }
    if (isConfirmed) await here.request('POST', `${path}/confirm`, { token: pair.accessToken, body })
    return { email, secret: begun.secret, token: (await refresh(here, pair)).body.accessToken }
  }

  const takers = [
    { method: 'POST', at: '/users/login', refused: 401, isConfirmed: true },
    { method: 'DELETE', at: path, refused: 403, isConfirmed: true },
    { method: 'POST', at: `${path}/confirm`, refused: 403, isConfirmed: false },
  ]
  for (const { method, at, refused, isConfirmed } of takers)
    t.test(
      `who guesses codes at ${method} ${at} is stopped, and so is the right code meanwhile`,
      async (t) => {
        const { email, secret, token } = await newOwner(isConfirmed)
        const isLogin = at === '/users/login'
        const show = (api: Api, code: string) =>
          api.request(method, at, isLogin ? { body: { email, password, code } } : { token, body: { code } })
        const statuses: number[] = []
        for (let n = 0; n < 15; n++) statuses.push((await show(n % 2 ? here : there, '000000')).status)
        t.same(
          statuses,
          Array.from({ length: 15 }, (_, n) => (n < 10 ? refused : 429)),
        )
        for (const api of gateways) t.match(await show(api, codeOf(secret)), tooMany)
        if (!isConfirmed || isLogin) return
        const body = { email, password, code: codeOf(secret) }
        t.match(await there.request('POST', '/users/login', { body }), tooMany, 'nor does it log in')
      },
    )
}

/** What staff may do where STAFF_SECOND_FACTOR is required. The admin has none yet, and keeps the one that is set up here. */
export function requiredFactorSuite(t: Test, strict: Api, admin: { email: string; password: string }): void {
  const missing = { status: 403, body: { code: 'auth.second-factor-missing' } }
  const closed = [
    ['GET', '/admin/log'],
    ['GET', '/admin/users'],
    ['GET', '/orders'],
    ['POST', '/products'],
    ['DELETE', path],
  ] as const

  async function refusedEverywhere(t: Test, token: string) {
    for (const [method, at] of closed)
      t.match(
        await strict.request(method, at, { token, ...(method === 'GET' ? {} : { body: {} }) }),
        missing,
        at,
      )
    t.equal((await strict.request('GET', '/users/me', { token })).status, 200)
  }

  async function setUp(t: Test, pair: Pair) {
    const { body: begun } = await strict.request<Begun>('POST', path, { token: pair.accessToken })
    await refusedEverywhere(t, pair.accessToken)
    const request = { token: pair.accessToken, body: { code: codeOf(begun.secret, -1) } }
    const { status, body } = await strict.request<Codes>('POST', `${path}/confirm`, request)
    t.equal(status, 200)
    return { secret: begun.secret, pair: (await refresh(strict, pair)).body, ...body }
  }

  t.test('staff without a second factor set one up and leave, and nothing else', async (t) => {
    const logIn = (code?: string) =>
      strict.request<Pair>('POST', '/users/login', { body: { ...admin, code } })
    const { body: before } = await logIn()
    await refusedEverywhere(t, before.accessToken)
    const own = await setUp(t, before)
    t.equal((await strict.request('GET', '/admin/log', { token: own.pair.accessToken })).status, 200)
    t.match(await logIn(), { status: 401, body: { code: 'auth.second-factor-required' } })
    const { body: after } = await logIn(codeOf(own.secret))
    t.equal((await strict.request('GET', '/admin/users', { token: after.accessToken })).status, 200)

    const staff = await newStaff(strict, after.accessToken, ['log:read'])
    const { body: theirs } = await staff.logIn()
    await refusedEverywhere(t, theirs.accessToken)
    const set = await setUp(t, theirs)
    const look = (pair: Pair) => strict.request('GET', '/admin/log', { token: pair.accessToken })
    t.equal((await look(set.pair)).status, 200)
    const removal = { token: set.pair.accessToken, body: { code: set.recoveryCodes[0] } }
    t.equal((await strict.request('DELETE', path, removal)).status, 204)
    t.ok((await refusedAfter([strict], set.pair)) < withinMs, 'the token of before is good no more')
    t.match(await look((await refresh(strict, set.pair)).body), missing)
  })

  t.test('customers need none', async (t) => {
    const token = await strict.newCustomer()
    t.equal((await strict.request('GET', '/orders', { token })).status, 200)
  })
}
