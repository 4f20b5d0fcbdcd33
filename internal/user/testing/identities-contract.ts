import type { Test } from 'tap'
import { newId } from '../../platform/new-id.ts'
import type { Identities, LoginCodes } from '../application/identities.ts'
import { linkIdentity, unlinkIdentity, withIdentity } from '../domain/account-identity.ts'
import { openAccount, type UserId } from '../domain/account.ts'
import type { Identity, IdentityId } from '../domain/identity.ts'
import { morning, newAccount, noon, trace, type AccountsFixture } from './accounts-contract.ts'

export type IdentitiesFixture = AccountsFixture & {
  readonly identities: Identities
  readonly loginCodes: LoginCodes
}

type Open = (t: Test) => Promise<IdentitiesFixture>

const newIdentity = (subject: string, createdAt = morning): Identity => ({
  ...{ id: newId() as IdentityId, provider: 'test', issuer: 'https://id.example', subject, createdAt },
})

async function opened(open: Open, t: Test) {
  const fixture = await open(t)
  const first = newIdentity('first')
  const account = { ...newAccount(), passwordHash: undefined, emailVerifiedAt: morning }
  const { id } = await fixture.accounts.add(withIdentity(openAccount(account, morning), first), trace)
  const link = (identity: Identity) =>
    fixture.accounts.update(id, (seen) => linkIdentity(seen, identity), trace)
  const unlink = (wanted: Pick<Identity, 'id'>) =>
    fixture.identities.update(id, (seen, all) => unlinkIdentity(seen, all, wanted, noon), trace)
  return { ...fixture, id, first, link, unlink }
}

/** The behaviour of every implementation of the store of identities, and of that of login codes. */
export function identitiesContract(t: Test, open: Open): void {
  linkingTests(t, open)
  codeTests(t, open)
}

function linkingTests(t: Test, open: Open): void {
  t.test('an account is found by the identity that was told of with it', async (t) => {
    const { identities, accounts, published, id, first } = await opened(open, t)
    t.same(await identities.find(first), await accounts.find(id))
    t.match(await accounts.find(id), { passwordHash: undefined, eventVersion: 2 })
    t.equal(await identities.find({ ...first, issuer: 'https://other.example' }), undefined)
    t.equal(await identities.find({ ...first, subject: 'other' }), undefined)
    t.same(await published(), [`user.created ${id} 1`, `user.identity_linked ${id} 2`])
  })

  t.test('one is linked and unlinked, and each is told of', async (t) => {
    const { identities, published, id, first, link, unlink } = await opened(open, t)
    const second = newIdentity('second', noon)
    await link(second)
    t.same(await identities.ofUser(id), [first, second])
    await unlink(first)
    t.same(await identities.ofUser(id), [second])
    t.equal(await identities.find(first), undefined)
    t.same((await published()).slice(2), [`user.identity_linked ${id} 3`, `user.identity_unlinked ${id} 4`])
  })

  t.test('an identity belongs to one account', async (t) => {
    const { accounts, identities, id, first } = await opened(open, t)
    const other = await accounts.add(openAccount(newAccount(), morning), trace)
    const again = { ...first, id: newId() as IdentityId }
    await t.rejects(accounts.update(other.id, (seen) => linkIdentity(seen, again), trace))
    t.same(await identities.ofUser(other.id), [])
    t.equal((await identities.find(first))?.id, id)
  })

  t.test('of two that are unlinked at once, one stays', async (t) => {
    const { identities, id, first, link, unlink } = await opened(open, t)
    const second = newIdentity('second')
    await link(second)
    const results = await Promise.allSettled([unlink(first), unlink(second)])
    t.same(results.map(({ status }) => status).sort(), ['fulfilled', 'rejected'])
    t.equal((await identities.ofUser(id)).length, 1)
  })
}

function codeTests(t: Test, open: Open): void {
  t.test('one of sixteen takes a code', async (t) => {
    const { loginCodes, id } = await opened(open, t)
    await loginCodes.add('digest', id, noon)
    const taken = await Promise.all(Array.from({ length: 16 }, () => loginCodes.take('digest', morning)))
    t.same(
      taken.filter((userId) => userId !== undefined),
      [id],
    )
    t.equal(await loginCodes.take('other', morning), undefined)
  })

  t.test('a code is good until its time is over, and forgotten then', async (t) => {
    const { loginCodes } = await opened(open, t)
    const userId = newId() as UserId
    for (const digest of ['over', 'old']) await loginCodes.add(digest, userId, morning)
    await loginCodes.add('good', userId, noon)
    t.equal(await loginCodes.take('over', morning), undefined)
    await loginCodes.forget(noon)
    t.equal(await loginCodes.take('good', morning), userId)
  })
}
