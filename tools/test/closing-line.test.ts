import t from 'tap'
import { closingLine, readClosingLine, sumOf } from './closing-line.mjs'

t.test('a closing line reads as it was written', async (t) => {
  for (const counts of [
    { passed: 0, failed: 0, skipped: 0 },
    { passed: 1246, failed: 6, skipped: 2 },
  ])
    t.same(readClosingLine(closingLine(counts)), counts)
  t.equal(closingLine({ passed: 3, failed: 0, skipped: 0 }), '3 passed, 0 failed')
  for (const line of ['', '  3 passed, 0 failed', '3 passed, 0 failed, really'])
    t.equal(readClosingLine(line), undefined)
})

t.test('the sum counts a part that fails without a failed test', async (t) => {
  const counts = { passed: 5, failed: 0, skipped: 1 }
  t.same(sumOf([{ isOk: true, counts }, { isOk: true }]), counts)
  t.match(sumOf([{ isOk: true, counts }, { isOk: false }]), { passed: 5, failed: 1 }, 'static checks')
  t.match(sumOf([{ isOk: false, counts }]), { failed: 1 }, 'too little coverage')
  t.match(sumOf([{ isOk: false, counts: { ...counts, failed: 2 } }]), { failed: 2 })
  t.match(sumOf([{ isOk: true, isSkipped: true }]), { failed: 0, skipped: 1 })
})
