import type { Test } from 'tap'
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
