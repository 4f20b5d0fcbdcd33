import t from 'tap'
import { until } from './wait.ts'

t.test('it looks until there is something to be found, and gives that', async (t) => {
  let looks = 0
  const look = () => (++looks === 3 ? 'found' : looks === 2 && undefined)
  t.equal(await until(look, { withinMs: 5_000, everyMs: 1 }), 'found')
  t.equal(looks, 3)
  t.equal(await until(async () => 0, { withinMs: 0 }), 0, 'a zero is something')
})

t.test('it gives up when the time is over, but never before it has looked', async (t) => {
  let looks = 0
  t.equal(await until(() => (looks++, false), { withinMs: -1, everyMs: 1 }), undefined)
  t.equal(looks, 1)
})

t.test('a look that fails ends the waiting', async (t) => {
  const look = () => Promise.reject<boolean>(new Error('broken'))
  await t.rejects(until(look, { withinMs: 5_000 }), { message: 'broken' })
})
