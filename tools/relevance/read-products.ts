import { access } from 'node:fs/promises'
import path from 'node:path'
import { readPlan } from '../replay/read-plan.ts'

/** Beside the repository: real orders of a shop. */
const folder = path.resolve('../shared/data')
const months = ['2010-12', '2011-01']

export type RealProduct = { readonly sku: string; readonly name: string }

/** Every product that was sold in the two months, as the replay makes it. Undefined without the files. */
export async function readRealProducts(): Promise<readonly RealProduct[] | undefined> {
  const files = months.map((month) => path.join(folder, `online-retail-${month}.csv.gz`))
  const areThere = await Promise.all(files.map(isThere))
  if (areThere.includes(false)) return undefined
  const plans = await Promise.all(files.map(readPlan))
  const products = plans.flatMap(({ plan }) => plan.products)
  return [...new Map(products.map(({ sku, name }) => [sku, { sku, name }])).values()]
}

const isThere = (file: string): Promise<boolean> =>
  access(file).then(
    () => true,
    () => false,
  )
