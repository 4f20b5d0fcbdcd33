import { setTimeout as sleep } from 'node:timers/promises'
import type { Test } from 'tap'
import { eventually } from '../../platform/testing/eventually.ts'
import type { Api } from './api.ts'
import { newPerson, refresh, refusedAfter, statusWith, type Pair } from './sessions-suite.ts'

/** The promise is a second; the requests themselves take some of it on a busy machine. */
const withinMs = 1_000

type Gateways = readonly [Api, ...Api[]]

/** Somebody who works for the shop, with what an admin has given them. */
export async function newStaff(api: Api, adminToken: string, permissions: readonly string[]) {
  const person = await newPerson(api)
  const found = await api.request<{ readonly data: readonly { readonly id: string }[] }>(
    'GET',
    `/admin/users?q=${person.email}`,
    { token: adminToken },
  )
  const id = found.body.data[0]?.id ?? ''
  const give = (body: object) => api.request('PATCH', `/admin/users/${id}`, { token: adminToken, body })
  await give({ role: 'staff', permissions })
  return { ...person, id, give }
}

/** What the shop promises of its staff. The first gateway is where things are done, and all of them must know. */
export function staffSuite(t: Test, gateways: Gateways, adminToken: string): void {
  permissionTests(t, gateways, adminToken)
  listTests(t, gateways, adminToken)
  keyTests(t, gateways, adminToken)
}

function permissionTests(t: Test, gateways: Gateways, adminToken: string): void {
  const [here] = gateways
  const there = gateways.at(-1) ?? here
  const book = (api: Api, { accessToken: token }: Pair) =>
    api.request('GET', '/admin/dead-letters', { token })

  t.test('a permission counts at all gateways within a second, when given and when taken', async (t) => {
    const staff = await newStaff(here, adminToken, ['log:read'])
    const { body: before } = await staff.logIn()
    t.match(await book(there, before), {
      status: 403,
      body: { code: 'auth.permission-missing', permission: 'operations:read' },
    })
    t.match(await staff.give({ permissions: ['operations:read'] }), {
      status: 200,
      body: { user: { role: 'staff', permissions: ['operations:read'] } },
    })
    t.ok((await refusedAfter(gateways, before)) < withinMs)
    const { body: given } = await refresh(there, before)
    for (const api of gateways) t.equal((await book(api, given)).status, 200)
    await staff.give({ permissions: [] })
    t.ok((await refusedAfter(gateways, given)) < withinMs)
    const { body: taken } = await refresh(here, given)
    t.equal((await book(there, taken)).status, 403)
    t.equal(await statusWith(there, taken), 200, 'the session goes on')
  })

  t.test('staff manage neither staff nor permissions, their own not either', async (t) => {
    const staff = await newStaff(here, adminToken, ['customers:read', 'customers:write'])
    const other = await newStaff(here, adminToken, [])
    const { body: pair } = await staff.logIn()
    const change = (id: string, body: object) =>
      here.request('PATCH', `/admin/users/${id}`, { token: pair.accessToken, body })
    for (const body of [{ role: 'admin' }, { permissions: ['log:read'] }, { blocked: true }]) {
      t.equal((await change(other.id, body)).status, 403)
      t.not((await change(staff.id, body)).status, 200)
    }
  })
}

function listTests(t: Test, gateways: Gateways, adminToken: string): void {
  const [here] = gateways
  const there = gateways.at(-1) ?? here
  type Page<Item> = { readonly data: readonly Item[]; readonly nextCursor: string | null }
  const list = async <Item>(path: string): Promise<readonly Item[]> =>
    (await there.request<Page<Item>>('GET', path, { token: adminToken })).body.data

  t.test('people are listed by their role', async (t) => {
    const [staff, customer] = [await newStaff(here, adminToken, ['log:read']), await newPerson(here)]
    type User = { readonly id: string; readonly email: string; readonly role: string }
    const listed = await list<User>('/admin/users?role=staff&limit=100')
    t.ok(listed.some(({ id }) => id === staff.id))
    t.ok(listed.every(({ role }) => role === 'staff'))
    const found = (role: string) => list<User>(`/admin/users?role=${role}&q=${customer.email}`)
    t.same([(await found('customer')).length, (await found('staff')).length], [1, 0])
  })

  t.test('the log is read by what was done, and from when on', async (t) => {
    const { id, give } = await newStaff(here, adminToken, ['log:read'])
    type Entry = { readonly what: string; readonly at: string; readonly subjectId: string }
    const own = async (query: string) =>
      (await list<Entry>(`/admin/log?limit=100&${query}`)).filter(({ subjectId }) => subjectId === id)
    const [first] = await own('what=user.permissions_changed')
    t.match(first, { what: 'user.permissions_changed' })
    await sleep(2) // times are told in milliseconds
    await give({ blocked: true })
    const [blocked, ...others] = await own('what=user.blocked')
    t.match([blocked, others], [{ what: 'user.blocked' }, []])
    t.same(await own(`from=${blocked!.at}`), [blocked], 'and what was before is not there')
    t.ok((await own(`from=${first!.at}&what=user.`)).length >= 2)
    t.same(await own('from=2999-01-01T00:00:00Z'), [])
  })
}

type Key = { readonly id: string; readonly key?: string; readonly lastUsedAt?: string }

/** A key for a back end. */
export async function newApiKey(
  api: Api,
  adminToken: string,
  scopes: readonly string[],
): Promise<Required<Key>> {
  const body = { name: 'ERP', scopes }
  return (await api.request<Required<Key>>('POST', '/admin/api-keys', { token: adminToken, body })).body
}

function keyTests(t: Test, gateways: Gateways, adminToken: string): void {
  const [here] = gateways
  const there = gateways.at(-1) ?? here

  t.test(
    'a key may what it was given at every gateway, and nothing within a second once deleted',
    async (t) => {
      const { id, key } = await newApiKey(here, adminToken, ['orders:read'])
      const statusAt = async (api: Api): Promise<number> =>
        (await api.request('GET', '/orders', { token: key })).status
      for (const api of gateways) t.equal(await statusAt(api), 200)
      t.match(await there.request('POST', '/products', { token: key, body: {} }), {
        ...{ status: 403, body: { code: 'auth.permission-missing', permission: 'products:write' } },
      })
      const { body } = await here.request<{ data: readonly Key[] }>('GET', '/admin/api-keys', {
        token: adminToken,
      })
      const listed = body.data.find((each) => each.id === id)
      t.ok(listed?.lastUsedAt)
      t.notOk(JSON.stringify(body).includes(key), 'it is shown once')
      t.equal((await here.request('DELETE', `/admin/api-keys/${id}`, { token: adminToken })).status, 204)
      const since = performance.now()
      for (const api of gateways)
        while ((await statusAt(api)) !== 401) if (performance.now() - since > 5_000) break
      t.ok(performance.now() - since < withinMs)
      t.match(await there.request('GET', '/orders', { token: key }), { body: { code: 'auth.key-invalid' } })
    },
  )

  t.test('a key is good until it expires', async (t) => {
    const expiresAt = new Date(Date.now() + 2_000)
    const body = { name: 'for a moment', scopes: ['orders:read'], expiresAt: expiresAt.toISOString() }
    const { key } = (
      await here.request<Required<Key>>('POST', '/admin/api-keys', { token: adminToken, body })
    ).body
    const statusAt = async (api: Api): Promise<number> =>
      (await api.request('GET', '/orders', { token: key })).status
    t.equal(await statusAt(there), 200)
    await sleep(expiresAt.getTime() - Date.now()) // the shop's clock is this one
    await eventually('it has expired', async () => {
      const statuses = await Promise.all(gateways.map(statusAt))
      return statuses.every((status) => status === 401)
    })
    t.ok(Date.now() - expiresAt.getTime() < 2_000)
    const past = { ...body, expiresAt: new Date(0).toISOString() }
    t.equal((await there.request('POST', '/admin/api-keys', { token: adminToken, body: past })).status, 400)
  })

  t.test('a request for a key that is repeated makes none, and does not show it again', async (t) => {
    const headers = { 'idempotency-key': `key-${performance.now()}` }
    const ask = () =>
      here.request<Key>('POST', '/admin/api-keys', {
        ...{ token: adminToken, headers, body: { name: 'once', scopes: ['log:read'] } },
      })
    const [first, again] = [await ask(), await ask()]
    t.match(first.body.key, /^tsk_/)
    t.match(again, { status: 201, headers: { 'idempotent-replayed': 'true' }, body: { id: first.body.id } })
    t.equal(again.body.key, undefined)
  })

  t.test('what a key does is in the log under its id', async (t) => {
    const { id, key } = await newApiKey(here, adminToken, ['shipping:write', 'log:read'])
    const body = { name: 'By key', price: 1 }
    t.equal((await there.request('POST', '/admin/shipping-methods', { token: key, body })).status, 201)
    t.match(await here.request('GET', `/admin/log?actor=${id}`, { token: key }), {
      ...{ body: { data: [{ what: 'shipping-method.created', actor: { kind: 'key', id } }] } },
    })
  })

  t.test('staff make no keys, and see none', async (t) => {
    const staff = await newStaff(here, adminToken, ['customers:write', 'log:read'])
    const { accessToken: token } = (await staff.logIn()).body
    const body = { name: 'mine', scopes: ['log:read'] }
    for (const [method, path] of [
      ['GET', '/admin/api-keys'],
      ['POST', '/admin/api-keys'],
    ] as const)
      t.match(await there.request(method, path, { token, ...(method === 'POST' ? { body } : {}) }), {
        ...{ status: 403, body: { code: 'auth.forbidden' } },
      })
  })
}
