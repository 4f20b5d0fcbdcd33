import fc from 'fast-check'
import { equal, ok } from 'node:assert/strict'
import t from 'tap'
import { allocateByLargestRemainder, divideRounded } from '../../platform/allocate-money.ts'
import { newId } from '../../platform/new-id.ts'
import { now, paid, supply } from '../testing/fixtures.ts'
import {
  giveBack,
  issued,
  notesFor,
  paymentOf,
  receiptOf,
  sum,
  taken,
  withEntry,
} from '../testing/giving-back.ts'
import { withGate } from './gate.ts'
import { refuseUnsound, type Receipt, type ReceiptLine, type Supply, type TaxPart } from './receipt.ts'

t.test('a refund has one credit note, which names its receipt', async (t) => {
  const receipt = receiptOf(supply())
  const account = giveBack(paid(), { amountMinor: 4_000n })
  const [refund] = account.refunds
  const notes = notesFor(account, receipt)
  t.match(notes, [
    {
      ...{ kind: 'credit-note', cause: `refund:${refund?.id}`, totalMinor: 4_000n, lines: [] },
      ...{ orderId: receipt.orderId, currency: 'EUR' },
      credits: { receiptId: receipt.id, receiptNumber: 'R-000001', refundId: refund?.id },
    },
  ])
  t.strictSame(notesFor(account, receipt, issued(notes)), [], 'and no second one')
})

t.test('what is given back of lines has the rates of the lines', async (t) => {
  const receipt = receiptOf(supply())
  const book = giveBack(paid(), { amountMinor: 2_000n, lines: [{ lineId: 'b', quantity: 1 }] })
  t.match(notesFor(book, receipt), [
    {
      taxes: [{ ratePpm: 70_000, netMinor: 1_869n, taxMinor: 131n }],
      lines: [{ lineId: 'b', name: 'A book', quantity: 1, totalMinor: 2_000n, taxMinor: undefined }],
    },
  ])
  const unknown = giveBack(paid(), { amountMinor: 2_000n, lines: [{ lineId: 'x', quantity: 1 }] })
  t.match(notesFor(unknown, receipt), [{ lines: [], taxes: { length: 2 } }])
})

t.test('an excess that goes back is not credited', async (t) => {
  const receipt = receiptOf(supply())
  const even = giveBack(taken(25_000n), { amountMinor: 15_000n, creditMinor: 0n })
  t.strictSame(notesFor(even, receipt), [])
  const less = giveBack(even, { amountMinor: 3_000n })
  t.match(notesFor(less, receipt), [{ totalMinor: 3_000n, credits: { refundId: less.refunds[1]?.id } }])
})

t.test('of a canceled order what was not kept is credited', async (t) => {
  const receipt = receiptOf(supply())
  const canceled = { status: 'closed', reason: 'canceled' } as const
  const full = giveBack(withGate(paid(), canceled, now), { amountMinor: 10_000n, creditMinor: 0n })
  t.match(notesFor(full, receipt), [{ totalMinor: 10_000n }])
  t.strictSame(notesFor(withGate(paid(), canceled, now), receipt), [], 'nothing has gone back so far')
  t.strictSame(notesFor(withGate(paid(), { ...canceled, keepsMoney: true }, now), receipt), [])
})

t.test('money that was lost is credited when the order has ended, and not before', async (t) => {
  const receipt = receiptOf(supply())
  const account = paid()
  const { ref } = paymentOf(account).entries.find(({ kind }) => kind === 'captured')!
  const lost = withEntry(account, { kind: 'capture_failed', ref, amountMinor: 10_000n })
  t.strictSame(notesFor(lost, receipt), [], 'it may be paid again')
  const over = withGate(lost, { status: 'closed', reason: 'canceled' }, now)
  const notes = notesFor(over, receipt)
  t.match(notes, [
    { cause: `lost:${receipt.orderId}`, totalMinor: 10_000n, credits: { refundId: undefined } },
  ])
  t.strictSame(notesFor(over, receipt, issued(notes)), [])
})

t.test('amounts that do not add up are refused', async (t) => {
  refuseUnsound(supply())
  const [line] = supply().lines
  for (const changes of [
    { totalMinor: 10_001n },
    { taxIncluded: false },
    { shippingMinor: 1n },
    { discountMinor: 1n },
    { lines: [{ ...line!, discountMinor: 1n }] },
    { taxes: [...supply().taxes, supply().taxes[0]!] },
    { taxes: [{ ratePpm: 190_000, netMinor: 9_000n, taxMinor: 1_001n }] },
  ])
    t.throws(() => refuseUnsound(supply(changes)), { kind: 'invalid', code: 'receipt.invalid' })
})

/** Amounts as they occur in currencies with none, two and three decimals. */
const units = { JPY: 1n, EUR: 100n, KWD: 1_000n } as const

const soldGoods = fc
  .record({
    currency: fc.constantFrom('JPY' as const, 'EUR' as const, 'KWD' as const),
    taxIncluded: fc.boolean(),
    shipping: fc.integer({ min: 0, max: 50 }),
    lines: fc.array(
      fc.record({
        quantity: fc.integer({ min: 1, max: 7 }),
        price: fc.integer({ min: 0, max: 2_000 }),
        fraction: fc.integer({ min: 0, max: 999 }),
        discount: fc.integer({ min: 0, max: 100 }),
        ratePpm: fc.constantFrom(undefined, 0, 70_000, 190_000, 77_000, 255_000),
      }),
      { minLength: 1, maxLength: 8 },
    ),
  })
  .map(({ currency, taxIncluded, shipping, lines }) => {
    const unit = units[currency]
    const priced = lines.map(({ quantity, price, fraction, discount, ratePpm }, index) => {
      const unitPriceMinor = BigInt(price) * unit + (BigInt(fraction) % unit)
      const before = unitPriceMinor * BigInt(quantity)
      const discountMinor = (before * BigInt(discount)) / 100n
      const totalMinor = before - discountMinor
      return {
        lineId: String(index),
        quantity,
        unitPriceMinor,
        discountMinor,
        totalMinor,
        taxRatePpm: ratePpm,
      }
    })
    return taxed(priced, BigInt(shipping) * unit, currency, taxIncluded)
  })

type Priced = Omit<ReceiptLine, 'sku' | 'name' | 'taxMinor'>

/** Taxed as a quote is: once for each rate, shared out to the lines. Shipping is without tax. */
function taxed(
  priced: readonly Priced[],
  shippingMinor: bigint,
  currency: string,
  taxIncluded: boolean,
): Supply {
  const taxOfLine = new Map<string, bigint>()
  const rates = [...new Set(priced.flatMap(({ taxRatePpm }) => taxRatePpm ?? []))]
  const taxes = rates.map((ratePpm): TaxPart => {
    const own = priced.filter((line) => line.taxRatePpm === ratePpm)
    const amounts = own.map(({ totalMinor }) => totalMinor)
    const [base, ppm] = [sum(amounts), BigInt(ratePpm)]
    const taxMinor = divideRounded(base * ppm, 1_000_000n + (taxIncluded ? ppm : 0n))
    const shares = allocateByLargestRemainder(taxMinor, amounts)
    own.forEach(({ lineId }, index) => taxOfLine.set(lineId, shares[index]!))
    return { ratePpm, netMinor: taxIncluded ? base - taxMinor : base, taxMinor }
  })
  const added = taxIncluded ? 0n : sum(taxes.map(({ taxMinor }) => taxMinor))
  return supply({
    ...{ currency, taxIncluded, shippingMinor, taxes },
    lines: priced.map((line) => ({
      ...{ ...line, sku: 'sku', name: 'name', taxMinor: taxOfLine.get(line.lineId) ?? 0n },
    })),
    discountMinor: sum(priced.map(({ discountMinor }) => discountMinor)),
    totalMinor: sum(priced.map(({ totalMinor }) => totalMinor)) + shippingMinor + added,
  })
}

/** What is given back, step by step: so much of what is left, for a line or for nothing in particular. */
const steps = fc.array(
  fc.record({
    permille: fc.integer({ min: 1, max: 700 }),
    line: fc.option(fc.nat({ max: 7 }), { nil: undefined }),
  }),
  { maxLength: 12 },
)

t.test('credit notes add up to the receipt for each rate, to the cent, and never exceed it', async () => {
  fc.assert(
    fc.property(soldGoods, steps, (sold, given) => {
      refuseUnsound(sold)
      const receipt = receiptOf(sold)
      let account = taken(sold.totalMinor)
      let notes: readonly Receipt[] = []
      const leftMinor = (): bigint => sold.totalMinor - sum(notes.map(({ totalMinor }) => totalMinor))
      const give = (amountMinor: bigint, lineId: string): void => {
        if (amountMinor === 0n) return
        const lines = sold.lines.filter((line) => line.lineId === lineId)
        account = giveBack(account, { amountMinor, lines })
        const due = notesFor(account, receipt, notes)
        equal(due.length, 1)
        equal(due[0]!.totalMinor, amountMinor)
        for (const { netMinor, taxMinor } of due[0]!.taxes) ok(netMinor >= 0n && taxMinor >= 0n)
        ok(sum(due[0]!.taxes.map(({ netMinor, taxMinor }) => netMinor + taxMinor)) <= amountMinor)
        notes = issued([...notes, ...due])
      }
      for (const { permille, line } of given) give((leftMinor() * BigInt(permille)) / 1_000n, String(line))
      give(leftMinor(), '')
      equal(leftMinor(), 0n)
      for (const { ratePpm, netMinor, taxMinor } of receipt.taxes) {
        const own = notes.flatMap(({ taxes }) => taxes.filter((each) => each.ratePpm === ratePpm))
        equal(sum(own.map((each) => each.netMinor)), netMinor)
        equal(sum(own.map((each) => each.taxMinor)), taxMinor)
      }
    }),
    { numRuns: 500 },
  )
})

t.test(
  'whatever is taken and given back in whatever order, no more is credited than was receipted',
  async () => {
    const events = fc.array(fc.tuple(fc.boolean(), fc.bigInt({ min: 1n, max: 9_000n })), { maxLength: 15 })
    fc.assert(
      fc.property(events, (told) => {
        const receipt = receiptOf(supply())
        let account = taken(10_000n)
        let notes: readonly Receipt[] = []
        let balance = 10_000n
        for (const [isBack, wanted] of told) {
          const amountMinor = isBack && wanted > balance ? balance : wanted
          if (amountMinor === 0n) continue
          balance += isBack ? -amountMinor : amountMinor
          account = isBack
            ? giveBack(account, { amountMinor })
            : withEntry(account, { kind: 'captured', ref: newId(), amountMinor })
          if (isBack) notes = issued([...notes, ...notesFor(account, receipt, notes)])
          const credited = sum(notes.map(({ totalMinor }) => totalMinor))
          ok(credited <= 10_000n)
          ok(credited + balance >= 10_000n, 'what was given back of the receipt is credited')
        }
      }),
    )
  },
)
