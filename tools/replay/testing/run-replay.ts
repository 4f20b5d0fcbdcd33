import { type Test } from 'tap'
import type { Progress } from '../../shared/progress.ts'
import type { OpeningStock } from '../domain/opening.ts'
import { planReplay, type Plan } from '../domain/plan.ts'
import { replay, type CheckoutOptions } from '../replay.ts'
import type { Outcome } from '../report.ts'
import { restClient } from '../rest.ts'
import type { FakeShop } from './fake-shop.ts'

/** A line of a file. */
export const row = (InvoiceNo: string, StockCode: string, Quantity: string, CustomerID = '17850', UnitPrice = '2.555') => ({
  InvoiceNo, StockCode, Quantity, CustomerID, UnitPrice, Description: `name of ${StockCode}`,
}) // prettier-ignore

export const december = planReplay([
  row('536365', '85123a', '6'),
  row('536365', '71053', '2'),
  row('536366', '85123A', '5', ''),
  row('536367', '71053', '3', '13047'),
  row('C536379', '85123A', '-4'),
  row('536367', 'POST', '1', '13047'),
])

export type Options = {
  readonly opening?: OpeningStock
  readonly plan?: Plan
  readonly file?: string
  readonly checkout?: CheckoutOptions
}

export async function run(t: Test, { url }: FakeShop, options: Options = {}): Promise<Outcome> {
  const rest = restClient(url, 4)
  t.teardown(() => rest.close())
  const { opening = 'enough', plan = december, file = 'aaaaaaaaaaaa', checkout } = options
  const admin = { email: 'admin@example.com', password: 'admin' }
  const progress: Pick<Progress, 'counting'> = { counting: (_name, _total, work) => work(() => {}) }
  return replay({ rest, admin, plan, file, opening, concurrency: 1, decimals: 2, progress, checkout })
}

export const stockOf = ({ products }: FakeShop): Record<string, number> =>
  Object.fromEntries([...products.values()].map(({ sku, stock }) => [sku, stock]))
