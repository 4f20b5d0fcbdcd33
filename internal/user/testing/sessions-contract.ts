import type { Test } from 'tap'
import { newId } from '../../platform/new-id.ts'
import { Refusal } from '../../platform/refusal.ts'
import type { Sessions } from '../application/sessions.ts'
import { changeAccess, changeProfile, openAccount, type Account } from '../domain/account.ts'
import { beginSession, endSession, type Session, type SessionId } from '../domain/session.ts'
import { morning, newAccount, noon, trace, type AccountsFixture } from './accounts-contract.ts'

export type SessionsFixture = AccountsFixture & { readonly sessions: Sessions }

const wanted = (since?: Date) => ({ since, withinSeconds: 60, afterId: undefined })

type Open = (t: Test) => Promise<SessionsFixture>

export const sessionOf = ({ id: userId }: Pick<Account, 'id'>, at = morning): Session =>
  beginSession({ id: newId() as SessionId, userId, client: 'browser', address: '192.0.2.1' }, 30, at)

async function opened(open: Open, t: Test) {
  const fixture = await open(t)
  const account = await fixture.accounts.add(openAccount(newAccount(), morning), trace)
  const add = async (at = morning): Promise<Session> => {
    const session = sessionOf(account, at)
    await fixture.sessions.add(session, 100, trace)
    return session
  }
  const idsOf = async (): Promise<readonly string[]> =>
    (await fixture.sessions.ofUser(account.id, noon)).map(({ id }) => id)
  /** What events say of the person's sessions. */
  const events = async (): Promise<readonly string[]> =>
    (await fixture.published()).filter((line) => line.startsWith('session.'))
  const told = async (since?: Date) => (await fixture.sessions.endings(wanted(since))).endings
  return { ...fixture, account, add, idsOf, events, told }
}

/** The behaviour of every implementation of the store of sessions. */
export function sessionsContract(t: Test, open: Open): void {
  keepingTests(t, open)
  endingTests(t, open)
  eventTests(t, open)
}

function keepingTests(t: Test, open: Open): void {
  t.test('lists those of a person that go on, the latest used first', async (t) => {
    const { sessions, account, add, idsOf } = await opened(open, t)
    const [first, second] = [await add(), await add(noon)]
    await sessions.add({ ...sessionOf(account), expiresAt: noon }, 100, trace)
    t.same(await idsOf(), [second.id, first.id])
    t.same(await sessions.ofUser(account.id, morning).then((all) => all[0]), second)
  })

  t.test('updates a session in turn, and changes nothing when the decision is a refusal', async (t) => {
    const { sessions, add } = await opened(open, t)
    const { id } = await add()
    const raise = (session: Session): Session => ({ ...session, generation: session.generation + 1 })
    await Promise.all(Array.from({ length: 8 }, () => sessions.update(id, raise, trace)))
    const refuse = (): never => {
      throw new Refusal('conflict', 'test.no', 'no')
    }
    await t.rejects(sessions.update(id, refuse, trace), { code: 'test.no' })
    t.match(await sessions.update(id, (session) => session, trace), { generation: 9 })
    t.equal(await sessions.update(newId() as SessionId, raise, trace), undefined)
  })

  t.test('forgets what is over', async (t) => {
    const { sessions, add, idsOf } = await opened(open, t)
    const [over, living] = [await add(), await add()]
    await sessions.update(over.id, (session) => endSession(session, 'logged_out', morning), trace)
    await sessions.forget(noon)
    t.equal(await sessions.update(over.id, (session) => session, trace), undefined)
    t.same(await idsOf(), [living.id])
  })
}

function endingTests(t: Test, open: Open): void {
  t.test('tells once of a session that has ended, and of nothing else', async (t) => {
    const { sessions, add, told } = await opened(open, t)
    const { id } = await add()
    t.same(await told(), [])
    await sessions.update(id, (session) => endSession(session, 'logged_out', noon), trace)
    await sessions.update(id, (session) => session, trace)
    t.same(await told(), [{ sessionId: id }])
  })

  t.test('leaves out nothing that ends while it is asked', async (t) => {
    const { sessions, add, told } = await opened(open, t)
    const { asOf } = await sessions.endings(wanted())
    const { id } = await add()
    await sessions.update(id, (session) => endSession(session, 'logged_out', noon), trace)
    t.same(await told(asOf), [{ sessionId: id }])
  })

  t.test('ends the least used when a person has too many', async (t) => {
    const { sessions, account, add, idsOf, told } = await opened(open, t)
    const oldest = await add()
    const later = await add(noon)
    const newest = sessionOf(account, noon)
    await sessions.add(newest, 2, trace)
    t.same([...(await idsOf())].sort(), [later.id, newest.id].sort())
    t.same(await told(), [{ sessionId: oldest.id }])
  })

  t.test('ends all of a person but one, and nobody else’s', async (t) => {
    const { sessions, accounts, account, add, idsOf, told } = await opened(open, t)
    const other = await accounts.add(openAccount(newAccount(), morning), trace)
    await sessions.add(sessionOf(other), 100, trace)
    const [kept, ended] = [await add(), await add()]
    await sessions.endAll(account.id, { except: kept.id, reason: 'logged_out_everywhere', at: noon }, trace)
    t.same(await idsOf(), [kept.id])
    t.same(await told(), [{ sessionId: ended.id }])
    t.equal((await sessions.ofUser(other.id, noon)).length, 1)
  })

  t.test('a blocked account gets no session', async (t) => {
    const { sessions, accounts, account, idsOf } = await opened(open, t)
    const block = (seen: Account) => ({ state: { ...seen, blockedAt: noon }, events: [] })
    await accounts.update(account.id, block, trace)
    await t.rejects(sessions.add(sessionOf(account), 100, trace), { code: 'auth.session-revoked' })
    t.same(await idsOf(), [])
  })

  t.test('an account tells of changed rights, and ends sessions with what is decided', async (t) => {
    const { accounts, account, add, idsOf, told } = await opened(open, t)
    const [kept, ended] = [await add(), await add()]
    await accounts.update(account.id, (seen) => changeProfile(seen, { name: 'Ada' }, noon), trace)
    t.same(await told(), [])
    const promote = (seen: Account) =>
      changeAccess(seen, { role: 'admin', passwordHash: 'other' }, 'owner', noon)
    await accounts.update(account.id, promote, trace, {
      except: kept.id,
      reason: 'password_changed',
      at: noon,
    })
    t.same(await idsOf(), [kept.id])
    t.same(
      new Set((await told()).map((ending) => JSON.stringify(ending))),
      new Set(
        [{ sessionId: ended.id }, { userId: account.id, accessVersion: 2 }].map((one) => JSON.stringify(one)),
      ),
    )
  })
}

function eventTests(t: Test, open: Open): void {
  t.test('tells by events what has begun and what has ended, counted for each person', async (t) => {
    const { sessions, accounts, account, add, events } = await opened(open, t)
    const { id } = await add()
    const other = await accounts.add(openAccount(newAccount(), morning), trace)
    await sessions.add(sessionOf(other), 100, trace)
    await sessions.update(id, (session) => ({ ...session, generation: 2 }), trace)
    await sessions.update(id, (session) => endSession(session, 'logged_out', noon), trace)
    await sessions.update(id, (session) => session, trace)
    await sessions.add(sessionOf(account), 1, trace)
    await sessions.add(sessionOf(account, noon), 1, trace)
    await sessions.endAll(account.id, { reason: 'logged_out_everywhere', at: noon }, trace)
    await sessions.endAll(account.id, { reason: 'logged_out_everywhere', at: noon }, trace)
    t.same(await events(), [
      `session.started ${account.id} 1`,
      `session.started ${other.id} 1`,
      `session.revoked ${account.id} 2 logged_out`,
      `session.started ${account.id} 3`,
      `session.started ${account.id} 4`,
      `session.revoked ${account.id} 5 too_many`,
      `session.revoked ${account.id} 6 logged_out_everywhere`,
    ])
  })

  t.test('what ends sessions with an account gives the reason', async (t) => {
    const { accounts, account, add, events } = await opened(open, t)
    await add()
    const change = (seen: Account) =>
      changeAccess(seen, { role: seen.role, passwordHash: 'other' }, 'owner', noon)
    await accounts.update(account.id, change, trace, { reason: 'password_changed', at: noon })
    t.same((await events()).slice(1), [`session.revoked ${account.id} 2 password_changed`])
  })

  t.test('eight logins at once are told of in turn', async (t) => {
    const { account, add, events } = await opened(open, t)
    await Promise.all(Array.from({ length: 8 }, () => add()))
    t.same(
      await events(),
      Array.from({ length: 8 }, (_, index) => `session.started ${account.id} ${index + 1}`),
    )
  })
}
