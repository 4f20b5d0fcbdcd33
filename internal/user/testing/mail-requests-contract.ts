import type { Test } from 'tap'
import { newId } from '../../platform/new-id.ts'
import { Refusal } from '../../platform/refusal.ts'
import type { MailRequests } from '../application/mail-requests.ts'
import { requestMail, resetPassword, verifyEmail, withMail } from '../domain/account-mail.ts'
import { changeAccess, openAccount, type Account, type UserId } from '../domain/account.ts'
import { parseEmail } from '../domain/login.ts'
import type { MailRequestId, MailRequestKind } from '../domain/mail-request.ts'
import { morning, newAccount, trace, type AccountsFixture } from './accounts-contract.ts'
import type { SessionsFixture } from './sessions-contract.ts'
import { sessionOf } from './sessions-contract.ts'

export type MailRequestsFixture = AccountsFixture & SessionsFixture & { readonly mailRequests: MailRequests }

type Open = (t: Test) => Promise<MailRequestsFixture>

const soon = new Date(morning.getTime() + 60_000)
const nextWeek = new Date(morning.getTime() + 7 * 86_400_000)
const dayBefore = new Date(morning.getTime() - 86_400_000)

async function opened(open: Open, t: Test) {
  const fixture = await open(t)
  const account = await fixture.accounts.add(openAccount(newAccount(), morning), trace)
  const ask = async (kind: MailRequestKind, at = morning): Promise<MailRequestId> => {
    const id = newId() as MailRequestId
    const since = { kind, since: dayBefore }
    await fixture.mailRequests.ask(
      account.id,
      since,
      (seen, count) => requestMail(seen, { id, kind }, count, at),
      trace,
    )
    return id
  }
  const isOpen = async (id: MailRequestId, at = soon) =>
    (await fixture.mailRequests.findOpen(id, at)) !== undefined
  const reset = (id: MailRequestId) =>
    fixture.mailRequests.spend(id, soon, (seen) => resetPassword(seen, 'new', soon), trace, {
      reason: 'password_reset',
      at: soon,
    })
  return { ...fixture, account, ask, isOpen, reset }
}

/** The behaviour of every implementation of the store of mail requests. */
export function mailRequestsContract(t: Test, open: Open): void {
  askingTests(t, open)
  spendingTests(t, open)
  endingTests(t, open)
}

function askingTests(t: Test, open: Open): void {
  t.test(
    'a request is told of as the next event of its account, which it changes in nothing else',
    async (t) => {
      const { accounts, mailRequests, published, account, ask } = await opened(open, t)
      const id = await ask('password-reset', soon)
      t.same(await published(), [
        `user.created ${account.id} 1`,
        `user.password_reset_requested ${account.id} 2`,
      ])
      const told = { ...account, eventVersion: 2, lastEventAt: soon }
      t.same(await accounts.find(account.id), told)
      const found = await mailRequests.findOpen(id, soon)
      t.match(found, { account: told, request: { id, kind: 'password-reset', endedAt: undefined } })
    },
  )

  t.test('what is told of with a new account is open with it', async (t) => {
    const { accounts, published, isOpen } = await opened(open, t)
    const id = newId() as MailRequestId
    const change = withMail(openAccount(newAccount(), morning), { id, kind: 'email-verification' }, morning)
    await accounts.add(change, trace)
    t.ok(await isOpen(id))
    t.match((await published()).at(-1), `user.email_verification_requested ${change.state.id} 2`)
  })

  t.test('a newer one of its kind takes its place, and no other', async (t) => {
    const { ask, isOpen } = await opened(open, t)
    const [other, older, newer] = [
      await ask('email-verification'),
      await ask('password-reset'),
      await ask('password-reset'),
    ]
    t.same([await isOpen(other), await isOpen(older), await isOpen(newer)], [true, false, true])
  })

  t.test('of sixteen at once, as many are stored as the decision lets', async (t) => {
    const { published, ask, isOpen } = await opened(open, t)
    const ids = await Promise.all(Array.from({ length: 16 }, () => ask('password-reset')))
    t.equal((await published()).length, 1 + 5)
    const open_ = await Promise.all(ids.map((id) => isOpen(id)))
    t.equal(open_.filter(Boolean).length, 1)
  })

  t.test('who is not there gets none', async (t) => {
    const { mailRequests } = await opened(open, t)
    const decide = (): never => t.fail('nobody is asked') as never
    await mailRequests.ask(newId() as UserId, { kind: 'password-reset', since: morning }, decide, trace)
    t.equal(await mailRequests.findOpen(newId() as MailRequestId, soon), undefined)
  })
}

function spendingTests(t: Test, open: Open): void {
  t.test('one of sixteen who spend it at once gets it', async (t) => {
    const { accounts, account, ask, reset } = await opened(open, t)
    const id = await ask('password-reset')
    const spent = await Promise.all(Array.from({ length: 16 }, () => reset(id)))
    t.equal(spent.filter((changed) => changed !== undefined).length, 1)
    t.match(await accounts.find(account.id), { passwordHash: 'new', version: 2, emailVerifiedAt: soon })
  })

  t.test('it is not spent when the decision is a refusal', async (t) => {
    const { mailRequests, ask, isOpen } = await opened(open, t)
    const id = await ask('password-reset')
    const refuse = (): never => {
      throw new Refusal('conflict', 'test.no', 'no')
    }
    await t.rejects(mailRequests.spend(id, soon, refuse, trace), { code: 'test.no' })
    t.ok(await isOpen(id))
  })

  t.test('one that has expired is neither found nor spent', async (t) => {
    const { mailRequests, ask, isOpen } = await opened(open, t)
    const id = await ask('email-verification')
    t.notOk(await isOpen(id, nextWeek))
    t.equal(await mailRequests.spend(id, nextWeek, (seen) => verifyEmail(seen, nextWeek), trace), undefined)
  })

  t.test('sessions end with it where that is wanted', async (t) => {
    const { sessions, account, ask, reset } = await opened(open, t)
    await sessions.add(sessionOf(account), 100, trace)
    await reset(await ask('password-reset'))
    t.same(await sessions.ofUser(account.id, soon), [])
  })
}

function endingTests(t: Test, open: Open): void {
  t.test('what ends the sessions of an account ends its resets', async (t) => {
    const { accounts, account, ask, isOpen } = await opened(open, t)
    const [reset, verification] = [await ask('password-reset'), await ask('email-verification')]
    const change = (seen: Account) =>
      changeAccess(seen, { role: seen.role, passwordHash: 'other' }, 'owner', soon)
    await accounts.update(account.id, change, trace, { reason: 'password_changed', at: soon })
    t.same([await isOpen(reset), await isOpen(verification)], [false, true])
  })

  t.test('a new e-mail address ends all, and another change of the account none', async (t) => {
    const { accounts, account, ask, isOpen } = await opened(open, t)
    const ids = [await ask('password-reset'), await ask('email-verification')]
    const rename = (seen: Account) => ({ state: { ...seen, name: 'Ada' }, events: [] })
    await accounts.update(account.id, rename, trace)
    t.same(await Promise.all(ids.map((id) => isOpen(id))), [true, true])
    const email = parseEmail('other@example.com')
    await accounts.update(account.id, (seen) => ({ state: { ...seen, email }, events: [] }), trace)
    t.same(await Promise.all(ids.map((id) => isOpen(id))), [false, false])
  })

  t.test('forgets what expired before', async (t) => {
    const { mailRequests, ask, isOpen } = await opened(open, t)
    const [reset, verification] = [await ask('password-reset'), await ask('email-verification')]
    await mailRequests.forget(new Date(morning.getTime() + 86_400_000))
    t.same([await isOpen(reset), await isOpen(verification)], [false, true])
  })
}
