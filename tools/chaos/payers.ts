import { setTimeout as sleep } from 'node:timers/promises'
import { openAftermath, type Dashboard } from './aftermath.ts'
import { stepsOf, type Buyer, type Payment, type PayingOptions } from './paying-steps.ts'
import { paypal, type WayToPay, type Ways } from './ways-to-pay.ts'

type Options = PayingOptions & {
  /** Undefined where there is no provider. */
  readonly dashboard: Dashboard | undefined
  readonly ways: Ways
}

/** The first payment of a checkout. */
export type Begun = {
  readonly payment: Payment | undefined
  readonly way: WayToPay
  /** Takes the cart back. */
  readonly reopen: () => Promise<void>
}

/** More customers who pay at the same time do not come. */
const mostPayers = 400
const shareInTwoTabs = 0.05
const shareOfCancelers = 0.2
/** Of those with a cart who would cancel: they take it back instead. */
const shareOfReopeners = 0.5
/** Of the cancellations: an admin's, after which the shop keeps the money. */
const shareKept = 0.15
const shareRefunded = 0.2

/** Customers who pay for an order, and staff who give some of it back. */
export function openPayers(options: Options) {
  const { random, ways } = options
  const aftermath = openAftermath(options)
  let underWay = 0

  async function payAndMore(order: string, who: Buyer, begun: Begun | undefined): Promise<void> {
    const steps = stepsOf(options, order, who)
    if (!(await steps.becomes(order, ['confirmed', 'paid']))) return
    const first = begun
      ? begun.payment && steps.seeThrough(begun.payment, begun.way)
      : steps.payBy(ways.pick(random))
    const tabs = [Promise.resolve(first)]
    const hasTwo = random.next() < shareInTwoTabs
    if (hasTwo) tabs.push(steps.payBy(paypal))
    const paying = Promise.all(tabs)
    if (random.next() < shareOfCancelers) {
      await sleep(random.integer(0, 4_000))
      if (begun && random.next() < shareOfReopeners) await begun.reopen()
      else await steps.cancel(random.next() < shareKept)
    } else if (random.next() < shareRefunded) {
      for (const payment of await paying) if (payment) await steps.refundSome(payment)
    } else if (!hasTwo) {
      const [payment] = await paying
      if (payment) await aftermath(order, payment, steps)
    }
    await paying
  }

  return {
    /** Resolves when the customer has done with the order. `begun` is the payment that a checkout has begun. */
    async pay(order: string, who: Buyer, begun?: Begun): Promise<void> {
      if (underWay >= mostPayers) return
      underWay++
      await payAndMore(order, who, begun).finally(() => underWay--)
    },
  }
}
