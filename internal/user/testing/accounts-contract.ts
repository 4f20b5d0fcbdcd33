import type { Test } from 'tap'
import { newId } from '../../platform/new-id.ts'
import { Refusal } from '../../platform/refusal.ts'
import type { Accounts } from '../application/accounts.ts'
import { changeProfile, openAccount, type Account, type NewAccount, type UserId } from '../domain/account.ts'
import { beginSecondFactor, confirmSecondFactor } from '../domain/second-factor.ts'
import { parseEmail, parseUsername } from '../domain/login.ts'

/** A store under test, and its events in the outbox as "<subject> <aggregate id> <version>", with the reason that they give. */
export type AccountsFixture = {
  readonly accounts: Accounts
  readonly published: () => Promise<readonly string[]>
}

export const trace = { correlationId: 'test', causationId: '', traceparent: '' }
export const morning = new Date('2026-11-20T08:00:00.000Z')
export const noon = new Date('2026-11-20T12:00:00.000Z')

export function newAccount(wanted: Partial<NewAccount> = {}): NewAccount {
  const id = newId() as UserId
  const name = `user-${id.slice(-12)}`
  return {
    id,
    username: parseUsername(name),
    email: parseEmail(`${name}@example.com`),
    role: 'customer',
    passwordHash: 'hash',
    name: 'Ada',
    phone: '+44 20',
    address: '12 St James’s Square',
    ...wanted,
  }
}

/** The behaviour of every implementation of the store of accounts. */
export function accountsContract(t: Test, open: (t: Test) => Promise<AccountsFixture>): void {
  findingTests(t, open)
  kindTests(t, open)
  pageTests(t, open)
  takenTests(t, open)
  onceTests(t, open)
  updateTests(t, open)
}

function findingTests(t: Test, open: (t: Test) => Promise<AccountsFixture>): void {
  t.test('finds what was added by id, e-mail address and username', async (t) => {
    const { accounts } = await open(t)
    const { state } = openAccount(newAccount(), morning)
    t.strictSame(await accounts.add({ state, events: [] }, trace), state)
    t.strictSame(await accounts.find(state.id), state)
    t.strictSame(await accounts.findByLogin({ email: state.email }), state)
    t.strictSame(await accounts.findByLogin({ username: state.username }), state)
  })

  t.test('finds nobody else', async (t) => {
    const { accounts } = await open(t)
    t.equal(await accounts.find(newId() as UserId), undefined)
    t.equal(await accounts.findByLogin({ email: parseEmail('nobody@example.com') }), undefined)
    t.equal(await accounts.findByLogin({ username: parseUsername('nobody') }), undefined)
  })

  t.test('publishes the events of what it added', async (t) => {
    const { accounts, published } = await open(t)
    const change = openAccount(newAccount(), morning)
    await accounts.add(change, trace)
    t.strictSame(await published(), [`user.created ${change.state.id} 1`])
  })
}

function kindTests(t: Test, open: (t: Test) => Promise<AccountsFixture>): void {
  t.test('tells the kinds of the hashes that are stored, and nothing of what is none', async (t) => {
    const { accounts } = await open(t)
    t.strictSame(await accounts.hashKinds(), [])
    const argon2 = '$argon2id$v=19$m=19456,t=2,p=1$'
    for (const hash of ['$2b$10$abc', '$2b$10$def', '$2a$04$abc', `${argon2}abc$def`, 'hash', 'x$2b$11$abc'])
      await accounts.add(openAccount(newAccount({ passwordHash: hash }), morning), trace)
    t.strictSame([...(await accounts.hashKinds())].sort(), ['$2a$04$', '$2b$10$', argon2])
  })
}

function pageTests(t: Test, open: (t: Test) => Promise<AccountsFixture>): void {
  t.test('lists accounts, newest first, by how a login begins and by role', async (t) => {
    const { accounts } = await open(t)
    const add = async (name: string, role: 'customer' | 'admin' = 'customer') => {
      const email = parseEmail(`${name}@example.com`)
      return accounts.add(
        openAccount(newAccount({ username: parseUsername(`x-${name}`), email, role }), morning),
        trace,
      )
    }
    const [ada, adam, eve] = [await add('ada'), await add('adam'), await add('eve', 'admin')]
    const all = { query: undefined, role: undefined, limit: 2, after: undefined }
    t.strictSame(await accounts.page(all), { accounts: [eve, adam], next: adam.id })
    t.strictSame(await accounts.page({ ...all, after: adam.id }), { accounts: [ada], next: undefined })
    t.strictSame((await accounts.page({ ...all, query: 'ada' })).accounts, [adam, ada])
    t.strictSame((await accounts.page({ ...all, query: 'x-e' })).accounts, [eve])
    t.strictSame((await accounts.page({ ...all, query: '%' })).accounts, [], 'it is text and no pattern')
    t.strictSame((await accounts.page({ ...all, role: 'admin' })).accounts, [eve])
  })
}

function takenTests(t: Test, open: (t: Test) => Promise<AccountsFixture>): void {
  t.test('refuses what is taken, and stores and publishes nothing of it', async (t) => {
    const { accounts, published } = await open(t)
    const first = await accounts.add(openAccount(newAccount(), morning), trace)
    const sameEmail = openAccount(newAccount({ email: first.email }), morning)
    const sameUsername = openAccount(newAccount({ username: first.username }), morning)
    await t.rejects(accounts.add(sameEmail, trace), { kind: 'conflict', code: 'user.email-taken' })
    await t.rejects(accounts.add(sameUsername, trace), { kind: 'conflict', code: 'user.username-taken' })
    t.equal(await accounts.find(sameEmail.state.id), undefined)
    t.equal((await published()).length, 1)
  })

  t.test('lets one of eight have an e-mail address that all want at once', async (t) => {
    const { accounts, published } = await open(t)
    const email = parseEmail('wanted@example.com')
    const added = await Promise.allSettled(
      Array.from({ length: 8 }, () => accounts.add(openAccount(newAccount({ email }), morning), trace)),
    )
    const refused = added.flatMap((result) =>
      result.status === 'rejected' ? [result.reason as unknown] : [],
    )
    t.equal(refused.length, 7)
    t.ok(refused.every((err) => err instanceof Refusal && err.code === 'user.email-taken'))
    t.equal((await published()).length, 1)
  })
}

function onceTests(t: Test, open: (t: Test) => Promise<AccountsFixture>): void {
  t.test('finds what a request has made, and refuses another request under its key', async (t) => {
    const { accounts, published } = await open(t)
    const once = { key: newId(), fingerprint: 'a' }
    t.equal(await accounts.findByRequest(once), undefined)
    const change = openAccount(newAccount(), morning)
    await accounts.add(change, trace, once)
    t.strictSame(await accounts.findByRequest(once), change.state)
    const other = { ...once, fingerprint: 'b' }
    await t.rejects(accounts.findByRequest(other), { code: 'request.idempotency-key-reused' })
    await t.rejects(accounts.add(openAccount(newAccount(), morning), trace, once), {
      code: 'request.idempotency-key-in-use',
    })
    t.equal((await published()).length, 1)
  })

  t.test('keeps no key of what was refused', async (t) => {
    const { accounts } = await open(t)
    const { email } = await accounts.add(openAccount(newAccount(), morning), trace)
    const once = { key: newId(), fingerprint: 'a' }
    const again = openAccount(newAccount({ email }), morning)
    await t.rejects(accounts.add(again, trace, once), { code: 'user.email-taken' })
    t.equal(await accounts.findByRequest(once), undefined)
  })
}

function updateTests(t: Test, open: (t: Test) => Promise<AccountsFixture>): void {
  t.test(
    'finds what a request has changed, once, and keeps no key of a change that was refused',
    async (t) => {
      const { accounts } = await open(t)
      const { id } = await accounts.add(openAccount(newAccount(), morning), trace)
      const once = { key: newId(), fingerprint: 'a' }
      const refuse = (): never => {
        throw new Refusal('forbidden', 'user.wrong-password', 'no')
      }
      await t.rejects(accounts.update(id, refuse, trace, undefined, once), { code: 'user.wrong-password' })
      t.equal(await accounts.findByRequest(once), undefined)
      const rename = (name: string) => (account: Account) => ({ state: { ...account, name }, events: [] })
      await accounts.update(id, rename('Ada'), trace, undefined, once)
      await t.rejects(accounts.update(id, rename('Eve'), trace, undefined, once), {
        code: 'request.idempotency-key-in-use',
      })
      t.match(await accounts.findByRequest(once), { id, name: 'Ada' })
    },
  )

  t.test('keeps what staff may do, and a second factor, as they are', async (t) => {
    const { accounts } = await open(t)
    const { id } = await accounts.add(openAccount(newAccount(), morning), trace)
    const factor = beginSecondFactor('sealed')
    for (const secondFactor of [
      factor,
      {
        ...confirmSecondFactor(factor, ['a', 'b'], noon),
        lastStep: 56_666_667,
        wrong: { count: 2, since: noon },
      },
      undefined,
    ]) {
      const permissions = ['orders:read', 'log:read'] as const
      const staff = { role: 'staff', permissions, secondFactor } as const
      const decide = (account: Account) => ({ state: { ...account, ...staff }, events: [] })
      await accounts.update(id, decide, trace)
      t.match(await accounts.find(id), staff)
      t.same((await accounts.find(id))?.secondFactor, secondFactor)
    }
  })

  t.test('stores what was decided about the stored account', async (t) => {
    const { accounts, published } = await open(t)
    const { state } = openAccount(newAccount(), morning)
    await accounts.add({ state, events: [] }, trace)
    const updated = await accounts.update(
      state.id,
      (current) => changeProfile(current, { name: 'Countess' }, noon),
      trace,
    )
    const told = { eventVersion: 2, lastEventAt: noon }
    t.strictSame(updated, { ...state, ...told, name: 'Countess', version: 2, updatedAt: noon })
    t.strictSame(await accounts.find(state.id), updated)
    t.strictSame(await published(), [`user.updated ${state.id} 2 ["profile"]`])
  })

  t.test('lets every one of eight updates at once see the one before', async (t) => {
    const { accounts } = await open(t)
    const { state } = openAccount(newAccount({ name: '' }), morning)
    await accounts.add({ state, events: [] }, trace)
    await Promise.all(
      Array.from({ length: 8 }, () =>
        accounts.update(
          state.id,
          (current) => changeProfile(current, { name: `${current.name}x` }, noon),
          trace,
        ),
      ),
    )
    t.match(await accounts.find(state.id), { name: 'xxxxxxxx', version: 9 })
  })

  t.test('updates nobody who is not there', async (t) => {
    const { accounts } = await open(t)
    const updated = await accounts.update(
      newId() as UserId,
      (current) => changeProfile(current, {}, noon),
      trace,
    )
    t.equal(updated, undefined)
  })

  t.test('changes nothing when the decision is a refusal', async (t) => {
    const { accounts } = await open(t)
    const { state } = openAccount(newAccount(), morning)
    await accounts.add({ state, events: [] }, trace)
    const refuse = (): never => {
      throw new Refusal('conflict', 'test.no', 'no')
    }
    await t.rejects(accounts.update(state.id, refuse, trace), { code: 'test.no' })
    t.strictSame(await accounts.find(state.id), state)
  })
}
