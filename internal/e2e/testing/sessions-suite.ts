import { setTimeout as sleep } from 'node:timers/promises'
import type { Test } from 'tap'
import type { Api } from './api.ts'

export type Pair = {
  readonly accessToken: string
  readonly refreshToken: string
  readonly sessionId: string
}

type Session = { readonly id: string; readonly isCurrent: boolean; readonly client: string }
type Listed = { readonly data: readonly Session[] }

export const password = 'a-long-password'
let people = 0

/** Somebody with an account, and what they do at one gateway or another. */
export async function newPerson(api: Api) {
  const username = `person${process.pid}x${++people}`
  const email = `${username}@example.com`
  await api.request('POST', '/users/register', { body: { username, email, password } })
  return {
    email,
    logIn: async (at: Api = api, secret = password) => {
      const headers = { 'user-agent': 'e2e' }
      return at.request<Pair>('POST', '/users/login', { body: { email, password: secret }, headers })
    },
  }
}

export const refresh = (api: Api, { refreshToken }: Pair) =>
  api.request<Pair & { readonly code?: string }>('POST', '/auth/refresh', { body: { refreshToken } })

export const statusWith = async (api: Api, { accessToken: token }: Pair): Promise<number> =>
  (await api.request('GET', '/users/me', { token })).status

/** The promise is a second; the requests themselves take some of it on a busy machine. */
const withinMs = 1_000

/** Resolves with the milliseconds after which every gateway refuses the token. */
export async function refusedAfter(gateways: readonly Api[], pair: Pair): Promise<number> {
  const since = performance.now()
  for (const api of gateways) {
    for (;;) {
      const askedAt = performance.now()
      if ((await statusWith(api, pair)) === 401) break
      if (askedAt - since > 20 * withinMs) return Infinity
      await sleep(20)
    }
  }
  return performance.now() - since
}

/** What sessions promise. The first gateway is where things are done, and all of them must know. */
export function sessionsSuite(t: Test, gateways: readonly [Api, ...Api[]], adminToken: string): void {
  const [here] = gateways
  const there = gateways.at(-1) ?? here
  refreshTests(t, gateways, there)
  leavingTests(t, gateways, there)
  accessTests(t, gateways, adminToken)
}

function accessTests(t: Test, gateways: readonly [Api, ...Api[]], adminToken: string): void {
  const [here] = gateways
  type Found = { readonly data: readonly { readonly id: string }[] }

  /** What an admin decides about somebody who is found by e-mail address. */
  async function decide(email: string, body: object): Promise<number> {
    const found = await here.request<Found>('GET', `/admin/users?q=${email}`, { token: adminToken })
    const path = `/admin/users/${found.body.data[0]?.id ?? ''}`
    return (await here.request('PATCH', path, { token: adminToken, body })).status
  }

  t.test(
    'a changed role counts at all gateways within a second, and the session goes on with it',
    async (t) => {
      const person = await newPerson(here)
      const { body: before } = await person.logIn()
      const look = (pair: Pair) => here.request('GET', '/admin/users', { token: pair.accessToken })
      t.equal((await look(before)).status, 403)
      t.equal(await decide(person.email, { role: 'admin' }), 200)
      t.ok((await refusedAfter(gateways, before)) < withinMs)
      const { body: promoted } = await refresh(here, before)
      t.equal((await look(promoted)).status, 200)
      t.equal(await decide(person.email, { role: 'customer' }), 200)
      t.ok((await refusedAfter(gateways, promoted)) < withinMs)
      const { body: demoted } = await refresh(here, promoted)
      t.equal((await look(demoted)).status, 403)
    },
  )

  t.test('a blocked account is out within a second, and cannot come in until it is unblocked', async (t) => {
    const person = await newPerson(here)
    const { body: pair } = await person.logIn()
    t.equal(await decide(person.email, { blocked: true }), 200)
    t.ok((await refusedAfter(gateways, pair)) < withinMs)
    t.equal((await refresh(here, pair)).status, 401)
    t.match(await person.logIn(), { status: 403, body: { code: 'auth.blocked' } })
    t.equal((await person.logIn(here, 'another-password')).status, 401, 'who guesses learns nothing')
    t.equal(await decide(person.email, { blocked: false }), 200)
    t.equal((await person.logIn()).status, 200)
  })
}

function refreshTests(t: Test, gateways: readonly [Api, ...Api[]], there: Api): void {
  const [here] = gateways
  t.test(
    'a refresh token gives the next pair, at any gateway, and the same again when asked again',
    async (t) => {
      const person = await newPerson(here)
      const { body: first } = await person.logIn()
      const { status, body: second } = await refresh(there, first)
      t.equal(status, 200)
      t.not(second.refreshToken, first.refreshToken)
      t.same((await refresh(here, first)).body, second, 'an answer that was lost is given again')
      const both = await Promise.all([refresh(here, second), refresh(there, second)])
      t.same(both[0].body, both[1].body, 'two tabs get the same')
      t.equal(await statusWith(there, both[0].body), 200)
    },
  )

  t.test('a token that was spent long ago ends the session, for whoever has it', async (t) => {
    const person = await newPerson(here)
    const { body: stolen } = await person.logIn()
    const { body: second } = await refresh(here, stolen)
    const { body: third } = await refresh(here, second)
    t.match(await refresh(there, stolen), { status: 401, body: { code: 'auth.session-revoked' } })
    t.match(await refresh(here, third), { status: 401, body: { code: 'auth.session-revoked' } })
    t.ok((await refusedAfter(gateways, third)) < withinMs)
    t.equal((await person.logIn()).status, 200, 'the owner logs in again')
  })
}

function leavingTests(t: Test, gateways: readonly [Api, ...Api[]], there: Api): void {
  const [here] = gateways
  t.test('leaving at one gateway counts at all within a second', async (t) => {
    const person = await newPerson(here)
    const { body: left } = await person.logIn(there)
    const { body: stays } = await person.logIn()
    for (const api of gateways) t.equal(await statusWith(api, left), 200)
    t.equal((await here.request('POST', '/auth/logout', { token: left.accessToken })).status, 204)
    t.ok((await refusedAfter(gateways, left)) < withinMs)
    t.match(await refresh(there, left), { status: 401, body: { code: 'auth.session-revoked' } })
    t.equal(await statusWith(there, stays), 200)
    t.equal((await there.request('POST', '/auth/logout-all', { token: stays.accessToken })).status, 204)
    t.ok((await refusedAfter(gateways, stays)) < withinMs)
  })

  t.test('one sees and ends one’s own sessions, and nobody else’s', async (t) => {
    const [person, other] = [await newPerson(here), await newPerson(here)]
    const { body: phone } = await person.logIn()
    const { body: laptop } = await person.logIn(there)
    const token = laptop.accessToken
    const { body } = await here.request<Listed>('GET', '/users/me/sessions', { token })
    t.same(
      body.data.map(({ id, isCurrent, client }) => ({ id, isCurrent, client })),
      [
        { id: laptop.sessionId, isCurrent: true, client: 'e2e' },
        { id: phone.sessionId, isCurrent: false, client: 'e2e' },
      ],
    )
    const end = (by: string) => here.request('DELETE', `/users/me/sessions/${phone.sessionId}`, { token: by })
    const stranger = (await other.logIn()).body.accessToken
    t.match(await end(stranger), { status: 404, body: { code: 'session.not-found' } })
    t.equal((await end(token)).status, 204)
    t.equal((await end(token)).status, 404)
    t.ok((await refusedAfter(gateways, phone)) < withinMs)
    t.equal(await statusWith(there, laptop), 200)
  })

  t.test('a changed password ends all other sessions, and the old one opens nothing', async (t) => {
    const person = await newPerson(here)
    const { body: mine } = await person.logIn()
    const { body: thief } = await person.logIn(there)
    const change = (currentPassword: string, newPassword: string) =>
      here.request('POST', '/users/me/password', {
        token: mine.accessToken,
        body: { currentPassword, newPassword },
      })
    t.match(await change('another-password', 'battery staple 9'), {
      status: 403,
      body: { code: 'user.wrong-password' },
    })
    t.match(await change(password, 'password'), { status: 400, body: { code: 'user.password-common' } })
    t.equal((await change(password, 'battery staple 9')).status, 204)
    t.ok((await refusedAfter(gateways, thief)) < withinMs)
    t.match(await refresh(there, thief), { status: 401 })
    t.equal(await statusWith(there, mine), 200)
    t.equal((await person.logIn()).status, 401)
    t.equal((await person.logIn(there, 'battery staple 9')).status, 200)
  })
}
