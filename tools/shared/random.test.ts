import t from 'tap'
import { seeded, seededFor } from './random.ts'

t.test('a seed gives the numbers that it has always given: seeds stand in reports and tests', async (t) => {
  const random = seeded(1)
  t.strictSame(
    [random.next(), random.next(), random.next()].map((number) => number.toFixed(9)),
    ['0.627073941', '0.002735721', '0.527447040'],
  )
  t.equal(seeded(2 ** 32 + 1).next(), seeded(1).next(), 'only 32 bits of it count')
})

t.test('each label has a stream of its own', async (t) => {
  const first = (seed: number, label: string): number => seededFor(seed, label).next()
  t.equal(first(1, 'a'), first(1, 'a'))
  t.not(first(1, 'a'), first(1, 'b'))
  t.not(first(1, 'a'), first(2, 'a'))
})

t.test('whole numbers reach both ends and nothing beyond', async (t) => {
  const random = seeded(3)
  const drawn = Array.from({ length: 2_000 }, () => random.integer(-1, 2))
  t.strictSame([...new Set(drawn)].sort(), [-1, 0, 1, 2].sort())
  const below = new Set(Array.from({ length: 2_000 }, () => random.below(3)))
  t.strictSame([...below].sort(), [0, 1, 2])
})

t.test('what is picked and shuffled is what was there', async (t) => {
  const random = seeded(4)
  const items = [1, 2, 3, 4, 5, 6, 7, 8]
  t.ok(items.includes(random.pick(items)))
  t.equal(random.pick<string | undefined>([undefined]), undefined)
  t.throws(() => random.pick([]), RangeError)
  const shuffled = random.shuffle(items)
  t.not(shuffled.join(), items.join())
  t.strictSame([...shuffled].sort(), items)
  t.strictSame(items, [1, 2, 3, 4, 5, 6, 7, 8], 'the list itself stays as it is')
  t.strictSame([random.chance(0), random.chance(1)], [false, true])
})
