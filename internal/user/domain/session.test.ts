import fc from 'fast-check'
import t from 'tap'
import { newId } from '../../platform/new-id.ts'
import type { UserId } from './account.ts'
import { beginSession, isLiving, refreshSession, repeatMs, type Session, type SessionId } from './session.ts'

const start = new Date('2026-11-20T08:00:00.000Z')
const after = (ms: number, from = start): Date => new Date(from.getTime() + ms)
const days = 30
const month = days * 86_400_000

const begun = (): Session =>
  beginSession({ id: newId() as SessionId, userId: newId() as UserId, client: '', address: '' }, days, start)

t.test('each refresh begins the next generation, and the session lasts longer', async (t) => {
  const second = refreshSession(begun(), 1, days, after(month - 1))
  t.match(second, { generation: 2, refreshedAt: after(month - 1), expiresAt: after(2 * month - 1) })
  t.ok(isLiving(second, after(month)))
})

t.test('a token that was spent just now gives the same again, however often', async (t) => {
  const second = refreshSession(begun(), 1, days, after(1_000))
  t.equal(refreshSession(second, 1, days, after(1_000 + repeatMs)), second)
})

t.test('a spent token ends the session: later, or when a younger one was spent', async (t) => {
  const second = refreshSession(begun(), 1, days, after(1_000))
  t.same(refreshSession(second, 1, days, after(1_001 + repeatMs)).endedAt, after(1_001 + repeatMs))
  const third = refreshSession(second, 2, days, after(2_000))
  t.same(refreshSession(third, 1, days, after(2_001)).endedAt, after(2_001))
})

t.test('one that has ended or expired gives nothing more', async (t) => {
  const ended = { ...begun(), endedAt: start }
  t.throws(() => refreshSession(ended, 1, days, after(1)), { code: 'auth.session-revoked' })
  t.throws(() => refreshSession(begun(), 1, days, after(month)), { code: 'auth.session-expired' })
  t.notOk(isLiving(begun(), after(month)))
})

t.test('whatever tokens come when, only the holder of the present one goes on', async () => {
  const spent = fc.record({
    generation: fc.integer({ min: 1, max: 6 }),
    waitMs: fc.integer({ min: 0, max: 30_000 }),
  })
  const property = fc.property(fc.array(spent, { maxLength: 20 }), (all) => {
    let [session, at] = [begun(), start]
    for (const { generation, waitMs } of all) {
      at = after(waitMs, at)
      const before = session
      session = refreshSession(session, generation, days, at)
      if (session.endedAt) return true
      const isNext = generation === before.generation && session.generation === generation + 1
      if (!isNext && session !== before) return false
      if (!isNext && generation !== before.generation - 1) return false
    }
    return true
  })
  fc.assert(property)
})
