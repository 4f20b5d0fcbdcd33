import { setTimeout as sleep } from 'node:timers/promises'
import type { PayingOptions, Payment, SeenOrder, stepsOf } from './paying-steps.ts'

/** What can be done at the provider's dashboard, where the shop hears of it by a webhook or by the comparison. */
export type Dashboard = {
  /** All of it, or a part in minor units. */
  readonly refund: (payment: string, amount?: number) => Promise<void>
  readonly dispute: (payment: string, status: 'opened' | 'inquiry') => Promise<void>
  readonly endDispute: (payment: string, outcome: 'won' | 'lost' | 'closed') => Promise<void>
}

type Options = PayingOptions & { readonly dashboard: Dashboard | undefined }
type Steps = ReturnType<typeof stepsOf>

/** Of the orders of which nobody wants his money back by himself. */
const [shareRefundedThere, shareDisputed, shareShipped, shareRecorded] = [0.06, 0.06, 0.5, 0.8]
/** Of the disputes; the others stay open. */
const shareEnded = 0.7
const shareShort = 0.9

/**
 * What happens to an order that its customer keeps: staff record money that came to the bank, or ship it, short of some
 * units; its money goes back at the provider's dashboard, or a bank disputes it.
 */
export function openAftermath(options: Options) {
  const { random, dashboard } = options
  return async (order: string, payment: Payment, steps: Steps): Promise<void> => {
    if (payment.method === 'invoice') {
      if (random.next() < shareRecorded) await record(options, order)
      return
    }
    const lot = random.next()
    if (lot >= shareRefundedThere + shareDisputed + shareShipped) return
    if (!(await steps.isCaptured(payment))) return
    const paid = await steps.becomes(order, ['paid'])
    if (!paid) return
    if (lot < shareRefundedThere) await dashboard?.refund(payment.id, someOf(payment, random.next()))
    else if (lot < shareRefundedThere + shareDisputed) await quarrel(options, payment)
    else await ship(options, order, paid)
  }
}

/** Staff find the money of an invoice at the bank. */
async function record({ http, random, admin, insist, newKey }: Options, order: string): Promise<void> {
  await sleep(random.integer(0, 4_000))
  const reference = newKey('bank')
  const body = { status: 'paid', reference }
  await insist(reference, { name: 'record', order, reference }, () =>
    http.send({ method: 'PATCH', path: `/orders/${order}`, token: admin.token, body }),
  )
}

/** One parcel with everything that is there; now and then a unit of the first line is not. */
async function ship(options: Options, order: string, { items }: SeenOrder): Promise<void> {
  const { http, random, admin, insist, newKey } = options
  const isShort = random.next() < shareShort && items.some(({ quantity }) => quantity > 1)
  const lines = items.map(({ lineId, quantity }) => {
    return { lineId, ...(isShort && quantity > 1 ? { quantity: quantity - 1, short: true } : { quantity }) }
  })
  const [key, path] = [newKey('parcel'), `/orders/${order}/shipments`]
  const body = { lines, carrier: 'Post', status: 'shipped' }
  await insist(key, { name: 'ship', order }, () =>
    http.send({ method: 'POST', path, token: admin.token, key, body }),
  )
}

async function quarrel({ random, dashboard }: Options, { id }: Payment): Promise<void> {
  const isInquiry = random.next() < 0.2
  await dashboard?.dispute(id, isInquiry ? 'inquiry' : 'opened')
  if (random.next() >= shareEnded) return
  await sleep(random.integer(500, 6_000))
  await dashboard?.endDispute(id, isInquiry ? 'closed' : random.pick(['won', 'lost']))
}

/** A third of it to all of it; undefined: all. */
const someOf = ({ amount }: Payment, lot: number): number | undefined =>
  lot < 0.3 ? undefined : Math.max(1, Math.round((amount * 100) / (1 + 2 * lot)))
