import { amountsOf, balanceOf, foldOf, isMismatched, keptOf, type Account, type Payment } from './account.ts'

/** What of one payment is needed, and what is too much. */
export type Share = {
  readonly payment: Payment
  /** Of the authorization. */
  readonly wantedMinor: bigint
  readonly openMinor: bigint
  /** Of the captured money: it goes back. */
  readonly excessMinor: bigint
}

/**
 * What the order owes in the end: nothing when it is closed, but for what was shipped before and stays with the customer.
 * Who decides to keep its money keeps what the order has cost.
 */
function owedMinor({ gate, refunds }: Account): bigint {
  const returnedMinor = gate.lines.reduce((sum, line) => sum + line.returnedMinor, 0n)
  if (gate.status === 'closed' && !gate.keepsMoney) return atLeastZero(gate.keepMinor - returnedMinor)
  const { creditedMinor } = amountsOf({ gate, refunds, payments: [], operations: [] })
  return atLeastZero(gate.dueMinor - creditedMinor)
}

/** Who has paid first stays; what came later than was needed is too much. */
export function sharesOf(account: Account): readonly Share[] {
  let left = owedMinor(account)
  return inOrderOfMoney(account.payments).map((payment) => {
    const { authorizedMinor: openMinor } = foldOf(payment)
    const kept = atLeastZero(keptOf(payment, account.refunds))
    const taken = least(kept, left)
    left -= taken
    const wantedMinor = isMismatched(payment) ? 0n : least(openMinor, left)
    left -= wantedMinor
    return {
      payment,
      wantedMinor,
      openMinor,
      excessMinor: least(kept - taken, balanceOf(payment, account.refunds)),
    }
  })
}

export const excessMinor = (account: Account): bigint =>
  sharesOf(account).reduce((sum, share) => sum + share.excessMinor, 0n)

function inOrderOfMoney(payments: readonly Payment[]): readonly Payment[] {
  const first = (payment: Payment): number => foldOf(payment).firstMoney ?? Number.MAX_SAFE_INTEGER
  return [...payments].sort((a, b) => first(a) - first(b))
}

const least = (a: bigint, b: bigint): bigint => (a < b ? a : b)
const atLeastZero = (amount: bigint): bigint => (amount > 0n ? amount : 0n)
