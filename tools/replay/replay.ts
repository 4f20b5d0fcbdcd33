import { openAccount, problemOf, sendAs, logIn, type Credentials, type Session } from './accounts.ts'
import { catalogueOf, type Catalogue } from './catalogue.ts'
import { concurrently } from '../shared/concurrently.ts'
import { throughCheckout } from './checkout.ts'
import { compareMoney } from './domain/compare-money.ts'
import { compareStock } from './domain/compare.ts'
import { withEnd, type OpeningStock } from './domain/opening.ts'
import type { Plan, PlannedInvoice } from './domain/plan.ts'
import { priceMinor } from './domain/round-price.ts'
import { isHeld } from './domain/settled-order.ts'
import { withGuestAccounts } from './domain/through.ts'
import { openProducts, type Opened } from './open-products.ts'
import { differences, runOrders, sessionOf } from './run-orders.ts'
import { readTaken } from './taken-money.ts'
import { openTerms } from './terms.ts'
import { throughOrders, type Way } from './way.ts'
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
   * 12 hexadecimal digits of the hash of what the file says. By them a later run finds what was booked for the file.
   */
  readonly file: string
  readonly opening: OpeningStock
  readonly concurrency: number
  /** The number of decimals of the shop's currency. */
  readonly decimals: number
  readonly progress: Pick<Progress, 'counting'>
  /** Undefined: with `POST /orders`. */
  readonly checkout: CheckoutOptions | undefined
}

export type CheckoutOptions = {
  readonly currency: string
  /** The payment sandbox; undefined where it is not known. */
  readonly sandboxUrl: string | undefined
}

type Run = ReplayOptions & { readonly session: Session }

/**
 * Replays products with their opening stock, then returns, then orders. Returns come before orders, so that stock only
 * falls while orders are placed. So an order that was refused in one run is refused in the next one too, and a second
 * run places nothing. Accounts come first, because what other files have placed can only be looked up with them.
 */
export async function replay(options: ReplayOptions): Promise<Outcome> {
  const plan = options.checkout ? withGuestAccounts(options.plan) : options.plan
  const { rest, file, decimals } = options
  const opened: Run = { ...options, plan, session: await logIn(rest, options.admin) }
  const catalogue = catalogueOf(rest, opened.session, file, decimals)
  const accounts = await openAccounts(opened)
  const prices = new Map(plan.products.map(({ sku, price }) => [sku, priceMinor(price, decimals)]))
  const run = { ...opened, way: await wayOf(opened, accounts, prices) }
  const { ids, earlier, end } = await openProducts(run, catalogue)
  const returns = await bookReturns(run, catalogue, ids)
  const left = plan.orders.filter(({ invoice }) => !earlier?.invoices.has(invoice))
  const now = await runOrders({ ...run, plan: { orders: left } }, ids)
  const settled = [...(earlier?.settled ?? []), ...now.settled]
  const refused = [...(earlier?.problems ?? []), ...now.problems].map(({ text }) => text)
  const problems = [...returns.problems, ...refused, ...differences(settled)]
  if (end && problems.length === 0) await noteEnd(catalogue, file, end)
  const held = settled.filter(({ order }) => isHeld(order)).map(({ planned }) => planned)
  const skus = plan.products.map(({ sku }) => sku)
  const countOf = (status: string): number => settled.filter(({ order }) => order.status === status).length
  const compared = { file, skus, orders: plan.orders, held, returns: returns.booked }
  return {
    plan,
    opening: options.opening,
    accounts: accounts.size,
    placedNow: now.placedNow,
    placedBefore: settled.length - now.placedNow,
    confirmed: held.length,
    rejected: countOf('rejected'),
    canceled: countOf('canceled') + countOf('expired'),
    turnedAway: now.turnedAway,
    returnsBookedNow: returns.bookedNow,
    retries: rest.retries(),
    orderSeconds: now.seconds,
    stock: compareStock(compared, await catalogue.bySku()),
    money:
      options.checkout &&
      compareMoney(await readTaken({ ...run, ...options.checkout }, settled), { file, prices, decimals }),
    problems,
    auditViolations: await audit(run),
  }
}

async function wayOf(
  { rest, session, file, decimals, checkout }: Run,
  accounts: ReadonlyMap<string, Session>,
  prices: ReadonlyMap<string, bigint>,
): Promise<Way> {
  const ofCustomer = (customer: string): Session => sessionOf(accounts, customer)
  if (!checkout) return throughOrders(rest, ofCustomer)
  const shippingMethod = await openTerms(rest, session)
  const pricing = { prices, decimals }
  return throughCheckout({ rest, admin: session, sessionOf: ofCustomer, file, shippingMethod, pricing })
}

/** By this note a later run knows that other files have placed none of the orders that this one has counted. */
async function noteEnd(catalogue: Catalogue, file: string, end: NonNullable<Opened['end']>): Promise<void> {
  const description = withEnd(end.description, file)
  if (description !== end.description) await catalogue.describe(end.id, description)
}

type Returns = {
  readonly bookedNow: number
  /** The lines that are booked, by this run or before. */
  readonly booked: readonly PlannedInvoice[]
  readonly problems: readonly string[]
}

async function bookReturns(
  { plan, progress, concurrency }: Run,
  catalogue: Catalogue,
  ids: ReadonlyMap<string, string>,
): Promise<Returns> {
  let bookedNow = 0
  const booked: PlannedInvoice[] = []
  const problems: string[] = []
  await progress.counting('returns', plan.returns.length, (tick) =>
    concurrently(plan.returns, concurrency, async (planned) => {
      const lines = new Map<string, number>()
      let isNew = false
      for (const [sku, units] of planned.lines) {
        const done = await catalogue.bookReturn(idOf(ids, sku), planned.invoice, units)
        if (typeof done === 'object') problems.push(done.problem)
        else lines.set(sku, units)
        isNew ||= done === 'now'
      }
      if (isNew) bookedNow++
      booked.push({ ...planned, lines })
      tick()
    }),
  )
  return { bookedNow, booked, problems }
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
