import t from 'tap'
import { setImmediate as turn } from 'node:timers/promises'
import { someAtOnce } from './some-at-once.ts'

const numbers = Array.from({ length: 20 }, (_, index) => index)

t.test('everything is done, in the order given, so many at the same time', async (t) => {
  const begun: number[] = []
  let [atWork, most] = [0, 0]
  await someAtOnce(numbers, 3, async (each) => {
    begun.push(each)
    most = Math.max(most, ++atWork)
    await turn()
    atWork--
  })
  t.same(begun, numbers)
  t.equal(most, 3)
  await someAtOnce([], 3, async () => void t.fail('there is nothing to do'))
})

t.test('a failure is thrown when what had begun has ended, and nothing more begins', async (t) => {
  const ended: number[] = []
  const work = someAtOnce(numbers, 3, async (each) => {
    if (each === 4) throw new Error('four')
    await turn()
    ended.push(each)
  })
  await t.rejects(work, /four/)
  const then = [...ended]
  t.ok(then.length >= 4 && then.length < 8, `${then.length} ended`)
  await turn()
  t.same(ended, then)
})
