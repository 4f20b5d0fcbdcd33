import t from 'tap'
import { columns, markdownTable, wholeFigure } from './tables.ts'

t.test('columns stand below each other', async (t) => {
  const cells = [
    ['', 'per s', 'verdict'],
    ['orders', '1,234', 'ok'],
    ['a flash sale', '9'],
  ]
  t.strictSame(columns(cells), ['              per s  verdict', 'orders        1,234  ok', 'a flash sale  9'])
  t.strictSame(columns(cells, { rightFrom: 1, indent: '> ' }), [
    '>               per s  verdict',
    '> orders        1,234       ok',
    '> a flash sale      9',
  ])
  t.strictSame(columns([]), [])
})

t.test('a table in Markdown has its figures at the right', async (t) => {
  const table = markdownTable([
    ['fault', 'times'],
    ['nats-kill', '12'],
    ['poison', '1,000'],
    ['deadlock', 'never'],
  ])
  t.equal(
    table,
    [
      '| fault     | times |',
      '| --------- | ----- |',
      '| nats-kill |    12 |',
      '| poison    | 1,000 |',
      '| deadlock  | never |',
    ].join('\n'),
  )
})

t.test('figures are whole and have their thousands apart', async (t) => {
  t.strictSame([0.4, 999.5, 1_234_567].map(wholeFigure), ['0', '1,000', '1,234,567'])
})
