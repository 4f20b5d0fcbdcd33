import t from 'tap'
import { newId } from '../platform/new-id.ts'
import { lawfulWorld } from './testing/lawful-world.ts'
import { violationsIn } from './testing/violations.ts'

const id = newId()
const fact = (units: number): string =>
  `insert into analytics.facts values ('ordered', '${newId()}', '${id}', '2026-11-30T10:20:00Z', 1, ${units}, 500, 'EUR');`
const count = (count: number, units: number): string =>
  `insert into analytics.counts values ('ordered', '${id}', '2026-11-30T10:00:00Z', 'EUR', ${count}, ${units}, ${count * 500});`

const rule = 'counts-follow-the-log'

const broken: readonly (readonly [what: string, sql: string, offender: RegExp])[] = [
  ['a fact that was not counted', fact(1), /^ordered of product .* it has no sum$/],
  ['a sum of nothing', count(1, 1), /nothing is told of what was summed$/],
  [
    'a fact that was counted twice',
    fact(1) + count(2, 2),
    /the sum is \(2,2,1000\), and \(1,1,500\) was told$/,
  ],
  [
    'units that were not counted',
    fact(1) + fact(2) + count(2, 2),
    /the sum is \(2,2,1000\), and \(2,3,1000\)/,
  ],
]

for (const [what, sql, offender] of broken) {
  t.test(what, async (t) => {
    const { url, sql: run } = await lawfulWorld(t)
    await run(sql)
    const violations = await violationsIn(url)
    t.same(Object.keys(violations), [rule])
    t.match(violations[rule]?.[0], offender)
  })
}

t.test('sums of what was told are in order', async (t) => {
  const { url, sql } = await lawfulWorld(t)
  await sql(fact(1) + fact(2) + count(2, 3))
  t.same(await violationsIn(url), {})
})
