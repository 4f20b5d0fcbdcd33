import t from 'tap'
import { auditTable } from './table.ts'

const lawful = { name: 'order-totals', checked: 3, violations: 0, offenders: [] }
const skipped = { name: 'orders-and-stock', checked: 0, violations: 0, offenders: ['skipped: why'] }

t.test('a table that could judge everything says so', (t) => {
  t.equal(
    auditTable([lawful], 0.26),
    '  order-totals          3 checked  ok\n\nEvery invariant holds (0.3 s).\n',
  )
  t.end()
})

t.test('what was not judged is neither called ok nor violated', (t) => {
  const inPart = { ...skipped, name: 'reservations', checked: 2, offenders: ['skipped: half'] }
  t.equal(
    auditTable([lawful, skipped, inPart], 0.26),
    `  order-totals              3 checked  ok
? orders-and-stock          0 checked  not judged
    skipped: why
? reservations              2 checked  ok in part
    skipped: half

Not judged, or only in part: orders-and-stock, reservations.
Everything that was judged holds (0.3 s).
`,
  )
  t.end()
})

t.test('a violation counts the offenders that are not named, and no remark among them', (t) => {
  const violated = {
    ...skipped,
    checked: 9,
    violations: 7,
    offenders: ['order a', 'order b', 'skipped: half'],
  }
  t.equal(
    auditTable([lawful, violated], 0.26),
    `  order-totals              3 checked  ok
! orders-and-stock          9 checked  7 violations
    order a
    order b
    skipped: half
    and 5 more

Not judged, or only in part: orders-and-stock.
1 of 2 invariants are violated (0.3 s).
`,
  )
  t.end()
})
