import t from 'tap'
import { coalesce, groupCommit, writeFirsts } from './group-commit.ts'

/** Commits that last until the test ends them. */
function heldCommits() {
  const batches: { readonly items: readonly string[]; readonly end: () => void }[] = []
  const commit = (items: readonly string[]) =>
    new Promise<readonly string[]>((resolve) => {
      batches.push({ items, end: () => resolve(items.map((item) => `${item}!`)) })
    })
  return { batches, commit }
}

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(() => setImmediate(resolve)))

t.test('a lone caller waits for nobody', async (t) => {
  const add = groupCommit(async (items: readonly number[]) => items.map((item) => item * 2), {
    maxBatch: 10,
    inFlight: 1,
  })
  t.equal(await add(21), 42)
})

t.test('callers of one turn share a commit, and each gets its own answer', async (t) => {
  const sizes: number[] = []
  const add = groupCommit(
    async (items: readonly number[]) => {
      sizes.push(items.length)
      return items.map((item) => item * 2)
    },
    { maxBatch: 100, inFlight: 1 },
  )
  t.same(await Promise.all([1, 2, 3].map(add)), [2, 4, 6])
  t.same(sizes, [3])
})

t.test('those who come while a commit is under way go together into the next one', async (t) => {
  const { batches, commit } = heldCommits()
  const add = groupCommit(commit, { maxBatch: 2, inFlight: 1 })
  const first = add('a')
  await turn()
  const later = ['b', 'c', 'd'].map(add)
  await turn()
  t.equal(batches.length, 1, 'one in flight, as was asked')
  batches[0]?.end()
  t.equal(await first, 'a!')
  await turn()
  t.same(batches[1]?.items, ['b', 'c'], 'at most maxBatch')
  batches[1]?.end()
  await Promise.all(later.slice(0, 2))
  await turn()
  batches[2]?.end()
  t.same(await Promise.all(later), ['b!', 'c!', 'd!'])
})

t.test('no more than inFlight commits run at once', async (t) => {
  let now = 0
  let most = 0
  const add = groupCommit(
    async (items: readonly number[]) => {
      most = Math.max(most, ++now)
      await turn()
      now--
      return items
    },
    { maxBatch: 3, inFlight: 2 },
  )
  await Promise.all(Array.from({ length: 50 }, (_, index) => add(index)))
  t.equal(most, 2)
})

t.test('one bad member fails alone', async (t) => {
  const stored: number[] = []
  const add = groupCommit(
    async (items: readonly number[]) => {
      if (items.includes(13)) throw new Error('no thirteen')
      stored.push(...items)
      return items
    },
    { maxBatch: 10, inFlight: 1 },
  )
  const results = await Promise.allSettled([12, 13, 14].map(add))
  t.same(
    results.map(({ status }) => status),
    ['fulfilled', 'rejected', 'fulfilled'],
  )
  t.match(results[1], { reason: { message: 'no thirteen' } })
  t.same(stored, [12, 14])
})

t.test('an outage fails the whole batch at once, without trying its members one by one', async (t) => {
  let commits = 0
  const add = groupCommit(
    async () => {
      commits++
      throw new Error('away')
    },
    { maxBatch: 10, inFlight: 1, isOutage: (err) => err instanceof Error && err.message === 'away' },
  )
  const results = await Promise.allSettled([1, 2, 3].map(add))
  t.equal(results.filter(({ status }) => status === 'rejected').length, 3)
  t.equal(commits, 1)
  await t.rejects(add(4), { message: 'away' }, 'and it goes on afterwards')
  t.equal(commits, 2)
})

t.test('more than maxWaiting are refused, and nobody else', async (t) => {
  const { batches, commit } = heldCommits()
  const add = groupCommit(commit, { maxBatch: 1, inFlight: 1, maxWaiting: 2 })
  const first = add('a')
  await turn()
  const waiting = [add('b'), add('c')]
  await t.rejects(add('d'), { kind: 'unavailable', code: 'overloaded' })
  for (let index = 0; index < 3; index++) {
    await turn()
    batches[index]?.end()
  }
  t.same(await Promise.all([first, ...waiting]), ['a!', 'b!', 'c!'])
})

t.test('lookups of one turn become one, with each key once', async (t) => {
  const asked: (readonly string[])[] = []
  const find = coalesce(async (keys: readonly string[]) => {
    asked.push(keys)
    return new Map(keys.filter((key) => key !== 'unknown').map((key) => [key, key.length]))
  })
  const [one, two] = await Promise.all([find(['a', 'bb']), find(['bb', 'unknown'])])
  t.same(asked, [['a', 'bb', 'unknown']])
  t.equal(one.get('bb'), 2)
  t.equal(two.get('unknown'), undefined)
  await find(['a'])
  t.equal(asked.length, 2, 'nothing is cached')
})

t.test('a lookup that fails does so for all, once', async (t) => {
  let asked = 0
  const find = coalesce(async () => {
    asked++
    throw new Error('no')
  })
  const results = await Promise.allSettled([find(['a']), find(['b'])])
  t.ok(results.every(({ status }) => status === 'rejected'))
  t.equal(asked, 1)
})

t.test('of two items of one key the first is written, and only that one', async (t) => {
  const items = ['a1', 'b1', 'a2', 'c1']
  const written: (readonly string[])[] = []
  const isStored = await writeFirsts(
    items,
    (item) => item[0],
    async (firsts) => {
      written.push(firsts)
      return new Set(['a', 'c'])
    },
  )
  t.same(written, [['a1', 'b1', 'c1']])
  t.same(isStored, [true, false, false, true])
})
