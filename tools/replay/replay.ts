import { openAccount, problemOf, sendAs, logIn, type Credentials, type Session } from './accounts.ts'
import { catalogueOf, openingUnits, type Product } from './catalogue.ts'
import { concurrently } from './concurrently.ts'
import { compareStock } from './domain/compare.ts'
import { isOvertaken, type OpeningStock } from './domain/opening.ts'
import { unitsBySku, type Plan } from './domain/plan.ts'
import { isHeld } from './domain/settled-order.ts'
import { differences, runOrders } from './run-orders.ts'
import { violationsOf, type Invariant } from '../shared/audit.ts'
import type { Progress } from '../shared/progress.ts'
import { ReplayFailure } from './replay-failure.ts'
import type { Outcome } from './report.ts'
import type { Rest } from './rest.ts'

export type ReplayOptions = {
  readonly rest: Rest
  readonly admin: Credentials
  readonly plan: Plan
  /**
   * 12 hexadecimal digits of the hash of the file's content. By them a later run finds what was booked for the file.
   */
  readonly file: string
  readonly opening: OpeningStock
  readonly concurrency: number
  /** The number of decimals of the shop's currency. */
  readonly decimals: number
  readonly progress: Pick<Progress, 'counting'>
}

type Run = ReplayOptions & { readonly session: Session }

/**
 * Replays products with their opening stock, then returns, then orders. Returns come before orders, so that stock only
 * falls while orders are placed. So an order that was refused in one run is refused in the next one too, and a second
 * run places nothing.
 */
export async function replay(options: ReplayOptions): Promise<Outcome> {
  const { rest, plan, file } = options
  const run: Run = { ...options, session: await logIn(rest, options.admin) }
  const catalogue = catalogueOf(rest, run.session, file, options.decimals)
  const productIds = await openProducts(run, catalogue)
  const returnsBookedNow = await bookReturns(run, catalogue, productIds)
  const accounts = await openAccounts(run)
  const orders = await runOrders(run, accounts, productIds)
  const products = await catalogue.bySku()
  const held = orders.settled.filter(({ order }) => isHeld(order)).map(({ planned }) => planned)
  const skus = plan.products.map(({ sku }) => sku)
  const countOf = (status: string): number =>
    orders.settled.filter(({ order }) => order.status === status).length
  return {
    plan,
    opening: options.opening,
    accounts: accounts.size,
    placedNow: orders.placedNow,
    placedBefore: orders.settled.length - orders.placedNow,
    confirmed: held.length,
    rejected: countOf('rejected'),
    canceled: countOf('canceled'),
    turnedAway: orders.turnedAway,
    returnsBookedNow,
    retries: rest.retries(),
    orderSeconds: orders.seconds,
    stock: compareStock({ file, skus, held, returns: plan.returns }, products),
    problems: [...orders.problems, ...differences(orders.settled)],
    auditViolations: await audit(run),
  }
}

const overtaken =
  'Another file has been replayed since. Orders of this file that were refused for lack of stock would now take the stock of that file. ' +
  'Replay the last file again, or start over with `npm run reset`.'

type Catalogue = ReturnType<typeof catalogueOf>

async function openProducts(run: Run, catalogue: Catalogue): Promise<ReadonlyMap<string, string>> {
  const { plan, progress, concurrency, opening } = run
  const known: ReadonlyMap<string, Product> = await catalogue.bySku()
  const sold = unitsBySku(plan.orders)
  const descriptionOf = (sku: string): string => known.get(sku)?.description ?? ''
  if (plan.products.some(({ sku }) => isOvertaken(descriptionOf(sku), run.file, sold.get(sku) ?? 0)))
    throw new ReplayFailure(overtaken)
  const ids = new Map<string, string>()
  await progress.counting('products', plan.products.length, (tick) =>
    concurrently(plan.products, concurrency, async (product) => {
      const { sku } = product
      ids.set(sku, await catalogue.open(product, known.get(sku), openingUnits(opening, sold, sku)))
      tick()
    }),
  )
  return ids
}

async function bookReturns(
  run: Run,
  catalogue: Catalogue,
  ids: ReadonlyMap<string, string>,
): Promise<number> {
  const { plan, progress, concurrency } = run
  let bookedNow = 0
  await progress.counting('returns', plan.returns.length, (tick) =>
    concurrently(plan.returns, concurrency, async ({ invoice, lines }) => {
      let isNew = false
      for (const [sku, quantity] of lines) {
        isNew = (await catalogue.bookReturn(idOf(ids, sku), invoice, quantity)) || isNew
      }
      if (isNew) bookedNow++
      tick()
    }),
  )
  return bookedNow
}

/** Opens the accounts of all customers. Hashing makes each registration and each login expensive for the stack. */
async function openAccounts({
  rest,
  plan,
  progress,
  admin,
  concurrency,
}: Run): Promise<Map<string, Session>> {
  const customers = new Set(plan.orders.map(({ customer }) => customer))
  const sessions = new Map<string, Session>()
  await progress.counting('accounts', customers.size, (tick) =>
    concurrently(customers, concurrency, async (customer) => {
      sessions.set(customer, await openAccount(rest, customer, admin.password))
      tick(rest.retries() > 0 ? `${rest.retries()} requests retried` : '')
    }),
  )
  return sessions
}

async function audit({ rest, session }: Run): Promise<readonly string[]> {
  const answer = await sendAs(rest, session, { method: 'GET', path: '/admin/audit' })
  if (answer.status !== 200) throw new ReplayFailure(`the audit cannot be read: ${problemOf(answer)}`)
  const { invariants } = answer.body as { readonly invariants: readonly Invariant[] } // the API documents this shape
  return invariants.length === 0 ? ['the audit looked at nothing'] : violationsOf(invariants)
}

/** The map has all SKUs, because it is made from the same plan. */
const idOf = (ids: ReadonlyMap<string, string>, sku: string): string => ids.get(sku) ?? ''
