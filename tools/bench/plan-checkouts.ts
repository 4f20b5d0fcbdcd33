import { withClient } from '../shared/database.ts'
import { seedProducts } from '../shared/seed.ts'
import type { Options } from './options.ts'
import type { PlannedRun } from './plan.ts'

const lines = 2

/** Nobody buys hundreds of times in an hour. */
const customersForEachUser = 64

/** Two lines and an address into the cart, a checkout with a card, and the provider's webhook. */
export function checkoutRun({ users, seconds, warmupSeconds }: Options): PlannedRun {
  return {
    ...{ scenario: 'checkout', name: 'paid by card', serves: 'shop', per: 'order', isAudited: true },
    work: ({ url, natsUrl, tokens, productIds }) => ({
      ...{ kind: 'checkout', url, natsUrl, users, seconds, warmupSeconds, lines, productIds },
      tokens: tokens.slice(0, customersForEachUser * users),
    }),
  }
}

/** For each unit of the sale so many try to buy it by checkout: more would only be turned away as well. */
const buyersForEachUnit = 4

/** More buyers than units: each unit is sold, none twice, and only who has one is charged. */
export function checkoutSaleRun({ flashBuyers, flashUnits, users }: Options): PlannedRun {
  const buyers = Math.min(flashBuyers, buyersForEachUnit * flashUnits)
  let sale = 0
  return {
    ...{ scenario: 'checkout', name: 'the sale', serves: 'shop', per: 'request', isAudited: true },
    async work({ url, natsUrl, tokens, databaseUrl }) {
      const number = 9_500_000 + ++sale
      const productIds = await withClient(databaseUrl, (client) =>
        seedProducts(client, number, number, flashUnits),
      )
      const timed = { seconds: 0, warmupSeconds: 0, lines: 1, buyers }
      return { kind: 'checkout', url, natsUrl, tokens, productIds, users, ...timed }
    },
    async check({ databaseUrl }, work, { orders, errors }) {
      const productId = work.kind === 'checkout' ? work.productIds[0] : undefined
      const [found] = await withClient(databaseUrl, async (client) => {
        const { rows } = await client.query<Found>(foundSql, [productId])
        return rows
      })
      const { paid = -1, left = -1, charged = -1 } = found ?? {}
      const wanted = Math.min(buyers, flashUnits)
      const isExact = [paid, charged, orders?.confirmed].every((count) => count === wanted)
      return isExact && left === flashUnits - wanted
        ? undefined
        : `${buyers} buyers of ${flashUnits} units: ${paid} paid (${orders?.confirmed ?? 0} told so), ${charged} charged, ${left} left; ${JSON.stringify(errors)}`
    },
  }
}

type Found = { readonly paid: number; readonly left: number; readonly charged: number }

const foundSql = `
  with buying as (
    select o.id, o.status from orders.orders o join orders.order_lines l on l.order_id = o.id
    where l.product_id = $1
  )
  select (select count(*)::int from buying where status = 'paid') as paid,
    (select count(distinct p.order_id)::int from payments.payments p join buying b on b.id = p.order_id
      where p.status = 'captured') as charged,
    (select available from inventory.stock where product_id = $1) as left`
