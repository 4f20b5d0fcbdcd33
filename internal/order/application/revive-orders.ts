import type { Trace } from '../../platform/call.ts'
import { Refusal } from '../../platform/refusal.ts'
import { someThingsAtOnce } from '../../platform/some-at-once.ts'
import { applyMoney } from '../domain/money.ts'
import { andThen, type FileChange, type OrderFile } from '../domain/order-file.ts'
import type { Order } from '../domain/order.ts'
import {
  beginRevival,
  completeRevival,
  endRevival,
  giveUpRevival,
  owedAgain,
  wantedLines,
} from '../domain/reviving.ts'
import { moneyOf, newestOfEach, unknownMoney, type ToldMoney } from './keep-money.ts'
import type { OrderFiles } from './order-files.ts'
import type { Payments } from './payments.ts'
import type { Prices } from './prices.ts'
import { holdSizeOf } from './release-canceled-orders.ts'
import { unknownOrder } from './settle-created-orders.ts'
import { ofOrder, type Stock, type ToldOrder } from './stock.ts'

type Deps = {
  readonly files: OrderFiles
  readonly payments: Payments
  readonly stock: Stock
  readonly prices: Pick<Prices, 'reserve' | 'release'>
  readonly now: () => Date
}

/** Each waits for stock, promotions and payments. */
const atOnce = 50

/** Keeps what is told of money that came late, and revives the order with it if it has expired. */
export function reviveWithLateMoney(deps: Deps) {
  const finish = finishRevival(deps)
  return async (told: readonly ToldMoney[]): Promise<readonly (Refusal | undefined)[]> => {
    const moneys = await moneyOf(deps.payments, newestOfEach(told))
    return someThingsAtOnce(told, ofOrder, atOnce, async ({ orderId, trace }) => {
      const money = moneys.get(orderId)
      if (!money) return unknownMoney(orderId)
      const at = deps.now()
      const decide = (before: OrderFile): FileChange | undefined => {
        const kept = applyMoney(before, money, at)
        if (!kept) return beginRevival(before, at)
        return andThen(kept, (file) => beginRevival(file, at) ?? { state: file, events: [] })
      }
      const file = await deps.files.update({ id: orderId, trace, decide })
      if (file?.order.reviving) await finish(file, trace)
      return file ? undefined : unknownOrder(orderId)
    })
  }
}

/** Expired orders whose money is there, and orders that began to be revived some time ago. */
export function reviveOrders(deps: Deps) {
  const finish = finishRevival(deps)
  return async (told: readonly ToldOrder[]): Promise<readonly undefined[]> => {
    return someThingsAtOnce(told, ofOrder, atOnce, async ({ orderId, trace }) => {
      const decide = (before: OrderFile) => beginRevival(before, deps.now())
      const file = await deps.files.update({ id: orderId, trace, decide })
      if (file?.order.reviving) await finish(file, trace)
      return undefined
    })
  }
}

/**
 * Holds the stock, opens the gate, and says that the order is paid. Whatever refuses, the order stays expired and all
 * goes back. Each step may be repeated, so a crash between them only lets the sweeper go on.
 */
function finishRevival(deps: Deps) {
  return async ({ order }: OrderFile, trace: Trace): Promise<void> => {
    const outcome = order.reviving?.isOff ? 'refused' : await askAll(deps, order, trace)
    if (outcome === 'unknown') return
    if (outcome === 'ready' && (await complete(deps, order, trace))) return
    const file = await deps.files.update({
      ...{ id: order.id, trace },
      decide: (before) => giveUpRevival(before, order.holdNo),
    })
    if (file?.order.reviving?.isOff) await takeBack(deps, file.order, trace)
  }
}

type Outcome = 'ready' | 'refused' | 'unknown'

/** The gate is asked last: it takes the money. */
async function askAll({ stock, prices, payments }: Deps, order: Order, trace: Trace): Promise<Outcome> {
  const { id: orderId, holdNo } = order
  const [decision] = await stock.reserve([{ orderId, lines: wantedLines(order), holdNo, trace }])
  if (!decision || decision.outcome === 'busy') return 'unknown'
  if (decision.outcome !== 'held') return 'refused'
  const { promotions = [], customerKey = '' } = order.terms ?? {}
  const promotionIds = promotions.map(({ id }) => id)
  const [refusal] =
    promotionIds.length > 0
      ? await prices.reserve([{ orderId, holdNo, trace, customerKey, promotionIds }])
      : []
  if (refusal !== undefined) return 'refused'
  return (await payments.reopenGate({ orderId, dueMinor: owedAgain(order), trace })) ? 'ready' : 'refused'
}

/** False: its cart has been bought by another order meanwhile. */
async function complete({ files, now }: Deps, { id, holdNo }: Order, trace: Trace): Promise<boolean> {
  try {
    await files.update({ id, trace, decide: (before) => completeRevival(before, holdNo, now()) })
    return true
  } catch (err) {
    if (err instanceof Refusal && err.code === 'order.place-taken') return false
    throw err
  }
}

async function takeBack({ files, stock, prices, payments }: Deps, order: Order, trace: Trace): Promise<void> {
  const { id, holdNo } = order
  await stock.release([{ ...holdSizeOf(order), trace }])
  if ((order.terms?.promotions.length ?? 0) > 0) await prices.release({ orderId: id, holdNo, trace })
  const gate = { orderId: id, reason: 'expired', refund: 'full', keepMinor: 0n, trace } as const
  if ((await payments.closeGate(gate)) === 'pending') return
  await files.update({ id, trace, decide: (before) => endRevival(before, holdNo) })
}
