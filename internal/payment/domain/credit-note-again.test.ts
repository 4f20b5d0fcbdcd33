import fc from 'fast-check'
import { equal } from 'node:assert/strict'
import t from 'tap'
import { paid, supply } from '../testing/fixtures.ts'
import { giveBack, issued, notesFor, receiptOf, sum, withEntry } from '../testing/giving-back.ts'
import { amountsOf, type Account, type Refund } from './account.ts'
import type { Receipt } from './receipt.ts'

/** The provider says later that a refund has come to nothing. */
function takeBack(account: Account, { id, amountMinor }: Refund): Account {
  const told = withEntry(account, { kind: 'refund_failed', ref: id, amountMinor })
  return {
    ...told,
    refunds: told.refunds.map((each) => (each.id === id ? { ...each, status: 'failed' } : each)),
  }
}

const settleByHand = (account: Account, { id }: Refund): Account => ({
  ...account,
  refunds: account.refunds.map((each) => (each.id === id ? { ...each, status: 'settled_manually' } : each)),
})

t.test(
  'refunds that fail after all and are paid by hand are credited in full, in whatever order',
  async () => {
    const acts = fc.array(
      fc.tuple(
        fc.constantFrom('give' as const, 'fail' as const, 'by hand' as const),
        fc.nat(),
        fc.integer({ min: 1, max: 4_000 }),
      ),
      { maxLength: 20 },
    )
    const receipt = receiptOf(supply())
    fc.assert(
      fc.property(acts, (told) => {
        let account = paid()
        let notes: readonly Receipt[] = []
        let most = 0n
        const step = (next: Account): void => {
          account = next
          notes = issued([...notes, ...notesFor(account, receipt, notes)])
          const { refundedMinor: gone } = amountsOf(account)
          most = gone > most ? gone : most
          equal(sum(notes.map(({ totalMinor }) => totalMinor)), most)
          equal(new Set(notes.map(({ cause }) => cause)).size, notes.length)
        }
        const inState = (status: Refund['status']) => account.refunds.filter((each) => each.status === status)
        for (const [act, which, amount] of told) {
          const left = 10_000n - amountsOf(account).refundedMinor
          const from = inState(act === 'fail' ? 'succeeded' : 'failed')
          const chosen = from[which % Math.max(1, from.length)]
          if (act === 'give' && left >= BigInt(amount))
            step(giveBack(account, { amountMinor: BigInt(amount) }))
          if (act === 'fail' && chosen) step(takeBack(account, chosen))
          if (act === 'by hand' && chosen && chosen.amountMinor <= left) step(settleByHand(account, chosen))
        }
      }),
      { numRuns: 500 },
    )
  },
)
