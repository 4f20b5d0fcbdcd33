import type { Test } from 'tap'
import { newId } from '../../platform/new-id.ts'
import type { Erasures } from '../application/erasures.ts'
import { linkIdentity } from '../domain/account-identity.ts'
import { requestMail } from '../domain/account-mail.ts'
import { openAccount, type Account, type UserId } from '../domain/account.ts'
import { confirmErasure, eraseAccount, erasingContexts, type ErasingContext } from '../domain/erasure.ts'
import type { Identity, IdentityId } from '../domain/identity.ts'
import type { MailRequestId } from '../domain/mail-request.ts'
import { morning, newAccount, noon, trace } from './accounts-contract.ts'
import type { IdentitiesFixture } from './identities-contract.ts'
import type { MailRequestsFixture } from './mail-requests-contract.ts'
import { sessionOf } from './sessions-contract.ts'

export type ErasuresFixture = MailRequestsFixture & IdentitiesFixture & { readonly erasures: Erasures }

type Open = (t: Test) => Promise<ErasuresFixture>

const evening = new Date('2026-11-20T20:00:00.000Z')

async function opened(open: Open, t: Test) {
  const fixture = await open(t)
  const add = (role: Account['role'] = 'customer') =>
    fixture.accounts.add(openAccount(newAccount({ role }), morning), trace)
  const account = await add()
  const eraseOne = (id: UserId, at = noon) =>
    fixture.erasures.erase(id, (seen, otherAdmins) => eraseAccount(seen, otherAdmins, at), trace)
  const confirm = (context: ErasingContext, ids: readonly UserId[]) =>
    fixture.erasures.confirm(context, ids, (seen) => confirmErasure(seen, context, evening), evening, trace)
  return { ...fixture, add, account, eraseOne, confirm }
}

/** The behaviour of every implementation of the store of erasures. */
export function erasuresContract(t: Test, open: Open): void {
  erasingTests(t, open)
  adminTests(t, open)
  confirmingTests(t, open)
}

function erasingTests(t: Test, open: Open): void {
  t.test('the account keeps its id and nothing of the person, and all else of theirs is gone', async (t) => {
    const { accounts, sessions, mailRequests, identities, loginCodes, account, eraseOne } = await opened(
      open,
      t,
    )
    const { id } = account
    await sessions.add(sessionOf(account), 100, trace)
    const linked: Identity = {
      ...{ id: newId() as IdentityId, provider: 'test', issuer: 'https://id.example' },
      ...{ subject: `of ${id}`, createdAt: morning },
    }
    await accounts.update(id, (seen) => linkIdentity(seen, linked), trace)
    await loginCodes.add(`digest ${id}`, id, evening)
    const mail = { id: newId() as MailRequestId, kind: 'password-reset' } as const
    const since = { kind: mail.kind, since: morning }
    await mailRequests.ask(id, since, (seen, count) => requestMail(seen, mail, count, noon), trace)

    t.match(await eraseOne(id), { id, erasedAt: noon })
    t.match(await accounts.find(id), {
      ...{ username: '', email: '', name: '', phone: '', address: '', passwordHash: undefined },
      ...{ role: 'customer', permissions: [], erasedAt: noon },
    })
    t.same(await sessions.ofUser(id, noon), [])
    t.equal(await mailRequests.findOpen(mail.id, noon), undefined)
    t.equal(await identities.find(linked), undefined)
    t.same(await identities.ofUser(id), [])
    t.equal(await loginCodes.look(`digest ${id}`, noon), undefined)
    t.equal(await accounts.findByLogin({ email: account.email }), undefined)
    const page = { query: undefined, role: undefined, limit: 10, after: undefined }
    t.same((await accounts.page(page)).accounts, [], 'and nobody is shown')
  })

  t.test('gateways are told of its sessions and of its rights, and events of its sessions', async (t) => {
    const { sessions, published, account, eraseOne } = await opened(open, t)
    const session = sessionOf(account)
    await sessions.add(session, 100, trace)
    await eraseOne(account.id)
    const { endings } = await sessions.endings({ since: undefined, withinSeconds: 60, afterId: undefined })
    t.equal(endings.length, 2)
    t.ok((await published()).includes(`session.revoked ${account.id} 2 erased`))
    t.ok(endings.some((ending) => 'sessionId' in ending && ending.sessionId === session.id))
    t.ok(
      endings.some(
        (ending) => 'userId' in ending && ending.userId === account.id && ending.accessVersion === 2,
      ),
    )
  })

  t.test('the address and the name are free', async (t) => {
    const { accounts, account, eraseOne } = await opened(open, t)
    await eraseOne(account.id)
    const { username, email } = account
    const { id } = await accounts.add(openAccount(newAccount({ username, email }), noon), trace)
    t.equal((await accounts.findByLogin({ email }))?.id, id)
  })

  t.test('whoever repeats the registration does not find an account that is nobody’s', async (t) => {
    const { accounts, eraseOne } = await opened(open, t)
    const once = { key: newId(), fingerprint: 'f' }
    const { id } = await accounts.add(openAccount(newAccount(), morning), trace, once)
    t.equal((await accounts.findByRequest(once))?.id, id)
    await eraseOne(id)
    t.equal(await accounts.findByRequest(once), undefined)
  })

  t.test('of eight who erase at once one does, and it is told of once', async (t) => {
    const { published, account, eraseOne } = await opened(open, t)
    const done = await Promise.all(Array.from({ length: 8 }, () => eraseOne(account.id)))
    t.equal(done.filter((erased) => erased !== undefined).length, 1)
    t.same(await published(), [`user.created ${account.id} 1`, `user.erased ${account.id} 2`])
    t.equal(await eraseOne(newId() as UserId), undefined, 'who is not there is not erased')
  })

  t.test('nothing makes an erased account a person again', async (t) => {
    const { accounts, sessions, account, eraseOne } = await opened(open, t)
    await eraseOne(account.id)
    const rename = (seen: Account) => ({ state: { ...seen, name: 'Ada' }, events: [] })
    t.equal(await accounts.update(account.id, rename, trace), undefined)
    await t.rejects(sessions.add(sessionOf(account), 100, trace), { code: 'auth.session-revoked' })
    t.match(await accounts.find(account.id), { name: '', erasedAt: noon })
  })
}

function adminTests(t: Test, open: Open): void {
  t.test('it is told how many other admins could log in', async (t) => {
    const { accounts, erasures, add } = await opened(open, t)
    const [admin, other, blocked] = [await add('admin'), await add('admin'), await add('admin')]
    const block = (seen: Account) => ({ state: { ...seen, blockedAt: noon }, events: [] })
    await accounts.update(blocked.id, block, trace)
    const counts: number[] = []
    const decide = (seen: Account, otherAdmins: number) => {
      counts.push(otherAdmins)
      return eraseAccount(seen, otherAdmins, noon)
    }
    await erasures.erase(admin.id, decide, trace)
    await t.rejects(erasures.erase(other.id, decide, trace), { code: 'user.last-admin' })
    t.same([counts[0], counts.at(-1)], [1, 0])
    t.match(await accounts.find(other.id), { erasedAt: undefined }, 'and a refusal changes nothing')
  })

  t.test('of two admins who erase each other at once, one is left', async (t) => {
    const { accounts, add, eraseOne } = await opened(open, t)
    for (let round = 0; round < 4; round++) {
      const admins = [await add('admin'), await add('admin')]
      const done = await Promise.allSettled(admins.map(({ id }) => eraseOne(id)))
      t.same(done.map(({ status }) => status).sort(), ['fulfilled', 'rejected'])
      const living = await Promise.all(admins.map(({ id }) => accounts.find(id)))
      const left = living.filter((each) => each && !each.erasedAt)
      t.equal(left.length, 1)
      // Or the next round would have another admin.
      await accounts.update(
        left[0]!.id,
        (seen) => ({ state: { ...seen, role: 'customer' }, events: [] }),
        trace,
      )
    }
  })
}

function confirmingTests(t: Test, open: Open): void {
  t.test('each context is named those that it has not confirmed, the longest erased first', async (t) => {
    const { erasures, add, account, eraseOne, confirm } = await opened(open, t)
    const later = await add()
    await eraseOne(later.id, evening)
    await eraseOne(account.id, noon)
    for (const context of erasingContexts)
      t.same(await erasures.unconfirmed(context, evening, 10), [account.id, later.id], context)
    t.same(await erasures.unconfirmed('cart', evening, 1), [account.id])
    t.same(await erasures.unconfirmed('cart', noon, 10), [account.id], 'the other was erased later')
    await confirm('cart', [account.id])
    t.same(await erasures.unconfirmed('cart', evening, 10), [later.id])
    t.same(await erasures.unconfirmed('order', evening, 10), [account.id, later.id], 'each for itself')
  })

  t.test('a confirmation counts once, however often and by whomever it is repeated', async (t) => {
    const { published, account, add, eraseOne, confirm } = await opened(open, t)
    const living = await add()
    await eraseOne(account.id)
    const ids = [account.id, living.id, newId() as UserId]
    await Promise.all(Array.from({ length: 4 }, () => confirm('cart', ids)))
    await confirm('order', ids)
    t.same((await published()).slice(2), [
      `user.erased ${account.id} 2`,
      ...[`user.data_erased ${account.id} 3`, `user.data_erased ${account.id} 4`],
    ])
  })
}
