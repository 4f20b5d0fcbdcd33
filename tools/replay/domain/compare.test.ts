import t from 'tap'
import { compareStock } from './compare.ts'
import { isOvertaken, readOpenings, withOpening } from './opening.ts'

const file = 'aaaaaaaaaaaa'
const invoice = (lines: Record<string, number>) => ({
  invoice: '1',
  customer: '',
  lines: new Map(Object.entries(lines)),
})

const product = (stock: number, ...openings: readonly { file: string; before: number; units: number }[]) => ({
  sku: 'MUG',
  stock,
  description: openings.reduce(withOpening, 'A mug.'),
})

const replayed = {
  file,
  skus: ['MUG'],
  held: [invoice({ MUG: 3 }), invoice({ MUG: 4 })],
  returns: [invoice({ MUG: 2 })],
}

const disagreeing = (found: ReturnType<typeof product> | undefined): readonly string[] =>
  compareStock(replayed, new Map(found && [['MUG', found]])).disagreeing

t.test('openings are kept beside what else a description says', (t) => {
  const { description } = product(
    0,
    { file, before: 1, units: 40 },
    { file: 'bbbbbbbbbbbb', before: 7, units: 0 },
  )
  t.equal(description.split('\n')[0], 'A mug.')
  t.strictSame(readOpenings(description), [
    { file, before: 1, units: 40 },
    { file: 'bbbbbbbbbbbb', before: 7, units: 0 },
  ])
  t.equal(withOpening('', { file, before: 0, units: 1 }), `replay ${file}: opened at 0 with 1`)
  t.end()
})

t.test('stock is what was there, plus opening, minus orders, plus returns', (t) => {
  t.strictSame(disagreeing(product(36, { file, before: 1, units: 40 })), [])
  t.strictSame(disagreeing(product(35, { file, before: 1, units: 40 })), [
    'MUG has 35, expected 1 + 40 opened − 7 ordered + 2 returned = 36',
  ])
  t.strictSame(disagreeing(product(36)), ['MUG does not say what it was opened with'])
  t.strictSame(disagreeing(undefined), ['MUG is not there'])
  t.end()
})

t.test('where another file came later, its opening has the figure', (t) => {
  const later = { file: 'bbbbbbbbbbbb', before: 36, units: 10 }
  t.strictSame(disagreeing(product(99, { file, before: 1, units: 40 }, later)), [])
  t.strictSame(disagreeing(product(36, { file, before: 1, units: 40 }, { ...later, before: 30 })), [
    'MUG has 30, expected 1 + 40 opened − 7 ordered + 2 returned = 36',
  ])
  t.end()
})

t.test('a file is overtaken when it had too little and another one came later', (t) => {
  const alone = product(0, { file, before: 0, units: 2 }).description
  const followed = product(
    0,
    { file, before: 0, units: 2 },
    { file: 'bbbbbbbbbbbb', before: 0, units: 9 },
  ).description
  t.notOk(isOvertaken(alone, file, 7))
  t.ok(isOvertaken(followed, file, 7))
  t.notOk(isOvertaken(followed, file, 2), 'it had enough')
  t.notOk(isOvertaken(followed, 'bbbbbbbbbbbb', 10), 'it is the last one')
  t.notOk(isOvertaken('', file, 7), 'it was never replayed')
  t.end()
})
