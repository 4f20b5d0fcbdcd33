import t from 'tap'
import { concurrently } from './concurrently.ts'

t.test('work is done so many at a time, and stops at the first failure', async (t) => {
  let [underWay, most] = [0, 0]
  const done: number[] = []
  await concurrently([1, 2, 3, 4, 5], 2, async (item) => {
    most = Math.max(most, ++underWay)
    await new Promise(setImmediate)
    underWay--
    done.push(item)
  })
  t.strictSame(done, [1, 2, 3, 4, 5])
  t.equal(most, 2)
  const begun: number[] = []
  const failing = concurrently([1, 2, 3, 4, 5], 2, async (item) => {
    begun.push(item)
    if (item === 2) throw new Error('no')
    await new Promise(setImmediate)
  })
  await t.rejects(failing, { message: 'no' })
  await new Promise(setImmediate)
  t.strictSame(begun, [1, 2])
})
