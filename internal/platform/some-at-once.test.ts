import t from 'tap'
import { setImmediate as turn } from 'node:timers/promises'
import { someAtOnce, someThingsAtOnce } from './some-at-once.ts'

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

t.test('what concerns one thing is done in turn, and other things meanwhile', async (t) => {
  const items = ['a1', 'a2', 'b1', 'a3', 'c1', 'b2']
  const log: string[] = []
  const work = async (item: string): Promise<string> => {
    log.push(`begin ${item}`)
    await turn()
    log.push(`end ${item}`)
    return item.toUpperCase()
  }
  const results = await someThingsAtOnce(items, (item) => item[0], 10, work)
  t.same(results, ['A1', 'A2', 'B1', 'A3', 'C1', 'B2'])
  t.same(log.slice(0, 3), ['begin a1', 'begin b1', 'begin c1'])
  for (const thing of ['a', 'b', 'c'])
    t.same(
      log.filter((each) => each.includes(` ${thing}`)),
      items.filter(([first]) => first === thing).flatMap((item) => [`begin ${item}`, `end ${item}`]),
    )
  await t.rejects(
    someThingsAtOnce(
      items,
      (item) => item[0],
      10,
      () => Promise.reject(new Error('no')),
    ),
    /no/,
  )
})
