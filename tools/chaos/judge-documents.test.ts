import t from 'tap'
import type { EndDocument } from './end-buying.ts'
import type { EndOrder, EndState } from './end-state.ts'
import { judgeDocuments } from './judge-documents.ts'
import { anOrder, emptyEnd, violatedIn } from './testing/world.ts'

const receipt = (more: Partial<EndDocument> = {}): EndDocument => ({
  ...{ kind: 'receipt', series: 'R', number: 1, order: 'o1', total: 2_500 },
  ...more,
})
const note = (more: Partial<EndDocument> = {}): EndDocument =>
  receipt({ kind: 'credit-note', series: 'C', total: 500, ...more })
const broken = (
  documents: EndState['documents'],
  orders: readonly EndOrder[] = [anOrder()],
): readonly string[] => violatedIn(judgeDocuments({ ...emptyEnd, orders, documents }))

const one = 'an order that is paid has one receipt, over its price, and no other has one'
const noGaps = 'the numbers of documents have no gaps, and none comes twice'

t.test('a receipt over the price, and a credit note, are in order', async (t) => {
  t.same(broken([receipt(), note()]), [])
})

t.test('a receipt that is missing, comes twice or is over another amount is found', async (t) => {
  t.same(broken([]), [one])
  t.same(broken([receipt(), receipt({ number: 2 })]), [one])
  t.same(broken([receipt({ total: 2_499 })]), [one])
  t.same(broken([receipt(), note({ total: 2_501 })]), [one])
})

t.test('a receipt that was issued after units had been short leaves them out', async (t) => {
  const short = [anOrder({ shortUnits: 1 })]
  t.same(broken([receipt({ total: 1_500 })], short), [])
  t.same(broken([receipt({ total: 2_501 })], short), [one])
})

t.test('an order that was never paid for has no receipt, and one that was may have it', async (t) => {
  const expired = anOrder({ status: 'expired', history: ['pending', 'confirmed', 'expired'] })
  t.same(broken([receipt()], [expired]), [one])
  t.same(broken([], [expired]), [])
  const canceled = anOrder({ status: 'canceled' })
  t.same(broken([receipt()], [canceled]), [])
  t.same(broken([], [canceled]), [])
})

t.test('a gap, a number that comes twice and a document of no order are found', async (t) => {
  const orders = [anOrder(), anOrder({ id: 'o2' })]
  t.same(broken([receipt(), receipt({ order: 'o2', number: 3 })], orders), [noGaps])
  t.same(broken([receipt(), receipt({ order: 'o2' })], orders), [noGaps])
  t.same(broken([receipt({ number: 2 })]), [noGaps])
  t.same(broken([receipt(), note({ order: 'o9' })]), ['a document is about an order that there is'])
})
