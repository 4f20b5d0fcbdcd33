import type { Catalogue, Product } from './catalogue.ts'
import { concurrently } from '../shared/concurrently.ts'
import { decideOpening, isSettled, type OpeningDecision } from './domain/decide-opening.ts'
import { nothingEarlier, standingOf, type Standing } from './domain/earlier.ts'
import { hasEnd, readOpenings, type OpeningStock } from './domain/opening.ts'
import { otherWay } from './domain/through.ts'
import type { Plan, PlannedProduct } from './domain/plan.ts'
import { findEarlier, type FoundEarlier } from './find-earlier.ts'
import { ReplayFailure } from './replay-failure.ts'
import type { OrderRun, Orders } from './run-orders.ts'

type Run = Omit<OrderRun, 'plan'> & {
  readonly plan: Plan
  readonly file: string
  readonly opening: OpeningStock
}

export type Opened = {
  readonly ids: ReadonlyMap<string, string>
  /** The orders that were there before, undefined when nobody had to look. */
  readonly earlier: (Orders & { readonly invoices: ReadonlySet<string> }) | undefined
  /** Notes in one of the products that the file was replayed to its end. */
  readonly end: { readonly id: string; readonly description: string } | undefined
}

const overtaken =
  'Another file has been replayed since. Orders of this file that were refused for lack of stock would now take the stock of that file. ' +
  'Replay the last file again, or start over with `npm run reset`.'

type Decided = { readonly product: PlannedProduct; readonly known: Product | undefined } & Exclude<
  OpeningDecision,
  'overtaken'
>

/** Writes all products and books their opening stock. Everything is decided before anything is written. */
export async function openProducts(run: Run, catalogue: Catalogue): Promise<Opened> {
  const { plan, progress, concurrency } = run
  const { known, earlier } = await lookAround(run, catalogue)
  const decided = await decideAll(run, catalogue, known, standingOf(plan, earlier ?? nothingEarlier))
  const ids = new Map<string, string>()
  await progress.counting('products', decided.length, (tick) =>
    concurrently(decided, concurrency, async ({ product, known: before, description, units }) => {
      // The description comes first. After a crash in between, the next run books what it says.
      const id = await catalogue.write(product, before, description)
      if (units > 0) await catalogue.bookOpening(id, units)
      ids.set(product.sku, id)
      tick()
    }),
  )
  const first = decided.find(({ product }) => product.sku === skuOfEnd(plan))
  return {
    ids,
    earlier: earlier && { ...earlier.run, invoices: earlier.orders },
    end: first && { id: ids.get(first.product.sku) ?? '', description: first.description },
  }
}

/** In a shop where nothing was replayed, and after a run of this file, nothing has to be looked up. */
async function lookAround(
  run: Run,
  catalogue: Catalogue,
): Promise<{ known: ReadonlyMap<string, Product>; earlier: FoundEarlier | undefined }> {
  const known = await catalogue.bySku()
  refuseOtherWay(known, run.file)
  const isReplayed = [...known.values()].some(({ description }) => readOpenings(description).length > 0)
  const isAllSettled = run.plan.products.every(({ sku }) =>
    isSettled(known.get(sku)?.description ?? '', run.file),
  )
  if (!isReplayed || isAllSettled) return { known, earlier: undefined }
  const earlier = await findEarlier(run, catalogue, known)
  // Orders that were pending have been decided meanwhile.
  return { known: await catalogue.bySku(), earlier }
}

function refuseOtherWay(known: ReadonlyMap<string, Product>, file: string): void {
  const other = otherWay(
    [...known.values()].map(({ description }) => description),
    file,
  )
  if (other)
    throw new ReplayFailure(
      `Files were replayed here with --through ${other}. Invoices are found only in the way in which they were bought, and ` +
        'would be bought twice. Go on in that way, or start over with `npm run reset`.',
    )
}

async function decideAll(
  { plan, file, opening, progress, concurrency }: Run,
  catalogue: Catalogue,
  known: ReadonlyMap<string, Product>,
  standing: (sku: string) => Standing,
): Promise<readonly Decided[]> {
  const isFinished = hasEnd(known.get(skuOfEnd(plan))?.description ?? '', file)
  const decided: Decided[] = []
  await progress.counting('openings', plan.products.length, (tick) =>
    concurrently(plan.products, concurrency, async (product) => {
      const { sku } = product
      const before = known.get(sku)
      const { description, stock } = before ?? { description: '', stock: 0 }
      const isBooked = await isOpeningBooked(catalogue, before, file)
      const earlierRun = { isBooked, isFinished }
      const decision = decideOpening({ description, stock }, file, standing(sku), earlierRun, opening)
      if (decision === 'overtaken') throw new ReplayFailure(overtaken)
      decided.push({ product, known: before, ...decision })
      tick()
    }),
  )
  return decided
}

/** Only where other files came after this one it matters; elsewhere the booking is just repeated. */
async function isOpeningBooked(
  catalogue: Catalogue,
  product: Product | undefined,
  file: string,
): Promise<boolean> {
  if (!product || isSettled(product.description, file)) return true
  const [first] = readOpenings(product.description).filter((opening) => opening.file === file)
  if (!first || first.units === 0) return true
  return (await catalogue.bookedOpening(product)) !== undefined
}

const skuOfEnd = ({ products }: Plan): string => products.map(({ sku }) => sku).sort()[0] ?? ''
