import t from 'tap'
import { judgePeople, type FoundLife, type FoundPeople } from './judge-people.ts'

const stays: FoundLife = {
  ...{ mark: 'stays', isErased: false, loggedIn: 200 },
  sessions: [{ state: 'alive', looked: undefined, refreshed: 200 }],
}
const erased: FoundLife = {
  ...{ mark: 'erased', isErased: true, loggedIn: 401 },
  sessions: [{ state: 'ended', looked: 401, refreshed: 401 }],
}
const keys = [
  { isDeleted: true, looked: 401 },
  { isDeleted: false, looked: 200 },
]
const well: FoundPeople = { lives: [stays, erased], keys, remnants: [] }

const broken = (found: Partial<FoundPeople>): readonly string[] =>
  judgePeople({ ...well, ...found }).flatMap(({ name, violations }) => (violations > 0 ? [name] : []))

t.test('who gets in who should, and nobody else, is well', async (t) => {
  const rules = judgePeople(well)
  t.same(
    rules.map(({ checked, violations }) => [checked, violations]),
    [[1, 0], [1, 0], [2, 0], [2, 0], [1, 0]], // prettier-ignore
  )
  const unknown = { ...stays, sessions: [{ state: 'unknown', looked: undefined, refreshed: 401 } as const] }
  t.same(broken({ lives: [unknown] }), [], 'of what nobody was told of, anything may be true')
})

t.test('each wrong answer is found', async (t) => {
  const session = (state: 'alive' | 'ended', looked: number | undefined, refreshed: number) => ({
    lives: [{ ...stays, sessions: [{ state, looked, refreshed }] }],
  })
  t.same(broken(session('ended', 200, 401)), ['a session that has ended opens nothing'])
  t.same(broken(session('ended', 401, 200)), ['a session that has ended opens nothing'])
  t.same(broken(session('alive', undefined, 401)), ['nobody is logged out by a fault'])
  const login = 'who has an account can log in, and who was erased cannot'
  t.same(broken({ lives: [{ ...stays, loggedIn: 401 }] }), [login])
  t.same(broken({ lives: [{ ...erased, loggedIn: 200 }] }), [login])
  for (const key of [
    { isDeleted: true, looked: 200 },
    { isDeleted: false, looked: 401 },
  ])
    // prettier-ignore
    t.same(broken({ keys: [key] }), ['a key works until it is deleted'])
  t.same(broken({ remnants: ['users.accounts.email has erased'] }), ['nothing names who was erased'])
})
