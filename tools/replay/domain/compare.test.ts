import t from 'tap'
import { compareStock } from './compare.ts'
import { hasEnd, readOpenings, withEnd, withOpening, withoutOpenings, type Opening } from './opening.ts'

const file = 'aaaaaaaaaaaa'
const invoice = (lines: Record<string, number>) => ({
  invoice: '1',
  customer: '',
  lines: new Map(Object.entries(lines)),
})

type Noted = Pick<Opening, 'file' | 'before' | 'units'> & Partial<Opening>
const noted = (opening: Noted): Opening => ({ sold: 0, returned: 0, ...opening })

const product = (stock: number, ...openings: readonly Noted[]) => ({
  sku: 'MUG',
  stock,
  description: openings.map(noted).reduce(withOpening, 'A mug.'),
})

const replayed = {
  file,
  skus: ['MUG'],
  orders: [invoice({ MUG: 3 }), invoice({ MUG: 4 })],
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
    noted({ file, before: 1, units: 40 }),
    noted({ file: 'bbbbbbbbbbbb', before: 7, units: 0 }),
  ])
  // Earlier versions have written this, too.
  t.equal(withOpening('', noted({ file, before: 0, units: 1 })), `replay ${file}: opened at 0 with 1`)
  const after = noted({ file, before: 9, units: 1, sold: 6, returned: 2 })
  const line = `replay ${file}: opened at 9 with 1 after 6 sold and 2 returned`
  t.equal(withOpening('', after), line)
  t.strictSame(readOpenings(line), [after])
  t.equal(
    withoutOpenings(`A mug.\n${line}\nreplay bbbbbbbbbbbb: opened at 0 with 1`, file).includes(file),
    false,
  )
  t.ok(hasEnd(withEnd(description, file), file))
  t.notOk(hasEnd(withEnd(description, file), 'bbbbbbbbbbbb'))
  t.equal(withEnd(withEnd('', file), file), withEnd('', file))
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

t.test('what other files had sold and returned of it before is in what was there', (t) => {
  t.strictSame(disagreeing(product(5, { file, before: 5, units: 4, sold: 3, returned: 2 })), [])
  t.strictSame(disagreeing(product(4, { file, before: 5, units: 4, sold: 3, returned: 2 })), [
    'MUG has 4, expected 5 + 4 opened − 4 ordered + 0 returned = 5',
  ])
  t.end()
})

t.test('the last line of a file counts, and the first one tells what it was opened for', (t) => {
  const later = { file: 'bbbbbbbbbbbb', before: 9, units: 0 }
  const found = product(6, { file, before: 0, units: 8 }, later, {
    file,
    before: 8,
    units: 0,
    sold: 3,
    returned: 0,
  })
  t.strictSame(disagreeing(found), [])
  const { unconfirmed } = compareStock(
    { ...replayed, held: [invoice({ MUG: 3 })] },
    new Map([['MUG', found]]),
  )
  t.strictSame(unconfirmed, ['MUG was opened for 7 units, and 3 are confirmed'])
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
