import { requirePermission, traceOf, type Call } from '../../../platform/call.ts'
import { partsOf } from '../../../platform/message-size.ts'
import { Refusal } from '../../../platform/refusal.ts'
import { textKey } from '../../../platform/search-text.ts'
import type { ProductId } from '../../domain/ids.ts'
import type { AttributeSchema } from '../domain/attributes.ts'
import type { Categories } from './categories.ts'
import { planRow, type ImportedRow, type Plan } from './plan-row.ts'
import type { ListedProduct, Products, ProductWrite } from './products.ts'
import { schemaReader } from './schema-reader.ts'
import { refusalOfOne } from './store-by-halves.ts'

export type Outcome =
  | { readonly kind: 'created' | 'updated' | 'unchanged' }
  /** `field` is what it is about; empty: the whole row. */
  | { readonly kind: 'refused'; readonly refusal: Refusal; readonly field: string }

type Deps = {
  readonly products: Products
  readonly categories: Pick<Categories, 'list'>
  /** Books so many signed units of a product that were counted. */
  readonly bookCount: (productId: ProductId, units: number, call: Call) => Promise<unknown>
  readonly newProductId: () => ProductId
  readonly now: () => Date
  readonly currency: string
}

type Input = {
  readonly rows: readonly ImportedRow[]
  readonly isDryRun: boolean
  /** Whether `stock` is what was counted: then the difference is booked. Otherwise only new products begin with it. */
  readonly countsStock: boolean
}

/** One question's worth; a file has as many questions as it needs. */
export const maxImportedRows = 100
/** The database makes an index of the words of each product, one after the other, so a few parts of a question go together. */
const rowsAtOnce = 25
/** Each count waits for the disk, so a few go together. */
const countsAtOnce = 8

type Work = {
  readonly deps: Deps
  readonly how: Omit<Input, 'rows'>
  readonly schemaOf: (path: string) => AttributeSchema
  readonly call: Call
}

/**
 * Brings the catalogue to what the rows say, by SKU. Many are stored in one transaction, and one that is refused holds up no
 * other. What was done before a crash stays, and the same rows again change nothing more.
 */
export function importProducts(deps: Deps) {
  return async ({ rows, ...how }: Input, call: Call): Promise<readonly Outcome[]> => {
    requirePermission(call, 'products:write')
    if (how.countsStock) requirePermission(call, 'stock:write')
    if (rows.length > maxImportedRows) throw tooManyRows()
    const work: Work = { deps, how, schemaOf: await schemaReader(deps.categories, rows), call }
    const outcomes: Outcome[] = []
    for (const part of withoutRepetitions(rows)) {
      const found = await deps.products.findBySku(part.map(({ row }) => row.sku))
      for (const { place, outcome } of await importPart(work, part, found)) outcomes[place] = outcome
    }
    return outcomes
  }
}

type Placed = { readonly place: number; readonly row: ImportedRow }
type Told = { readonly place: number; readonly outcome: Outcome }
type Planned = Placed & { readonly plan: Plan }

/** A row with the SKU of one before it comes after all others, because it may change what that one has made. */
function withoutRepetitions(rows: readonly ImportedRow[]): readonly (readonly Placed[])[] {
  const seen = new Set<string>()
  const [first, again]: [Placed[], Placed[]] = [[], []]
  for (const [place, row] of rows.entries()) {
    const key = textKey(row.sku)
    if (seen.has(key)) again.push({ place, row })
    else first.push({ place, row })
    seen.add(key)
  }
  return [first, ...again.map((placed) => [placed])]
}

async function importPart(
  work: Work,
  part: readonly Placed[],
  found: ReadonlyMap<string, ListedProduct>,
): Promise<readonly Told[]> {
  const told: Told[] = []
  const planned: Planned[] = []
  for (const { place, row } of part)
    try {
      planned.push({ place, row, plan: plan(work, row, found.get(textKey(row.sku))) })
    } catch (err) {
      told.push({ place, outcome: refused(err) })
    }
  const stored = await store(work, planned)
  return [...told, ...(work.how.isDryRun ? stored : await book(work, planned, stored))]
}

const plan = ({ deps, how, schemaOf }: Work, row: ImportedRow, known: ListedProduct | undefined): Plan =>
  planRow({ ...deps, ...how, schemaOf, at: deps.now() }, row, known)

/** What was refused because somebody else has added the same product meanwhile changes that one. */
async function store(work: Work, planned: readonly Planned[]): Promise<readonly Told[]> {
  const { deps, how, call } = work
  const writing = planned.flatMap((each) => (each.plan.write ? [{ ...each, write: each.plan.write }] : []))
  const storePart = (part: readonly { readonly write: ProductWrite }[]) =>
    deps.products.storeEach(
      part.map(({ write }) => write),
      traceOf(call),
      how.isDryRun,
    )
  // A trial leaves nothing that another one could see, so all of it is one.
  const parts = partsOf(writing, how.isDryRun ? maxImportedRows : rowsAtOnce, () => 1)
  const stored = (await Promise.all(parts.map(storePart))).flat()
  const refusals = new Map(
    stored.flatMap((each, index) =>
      each instanceof Refusal ? [[writing[index]?.place, each] as const] : [],
    ),
  )
  return Promise.all(
    planned.map(async (each): Promise<Told> => {
      const { place, plan } = each
      const refusal = refusals.get(place)
      if (!refusal) return { place, outcome: { kind: plan.kind } }
      const isTaken = refusal.code === 'product.sku-taken' && plan.kind === 'created'
      return { place, outcome: isTaken ? await change(work, each, refusal) : refused(refusal) }
    }),
  )
}

async function change(work: Work, { row }: Planned, refusal: Refusal): Promise<Outcome> {
  const { deps, how, call } = work
  const known = (await deps.products.findBySku([row.sku])).get(textKey(row.sku))
  if (!known) return refused(refusal)
  try {
    const { write, kind } = plan(work, row, known)
    const [stored] = write ? await deps.products.storeEach([write], traceOf(call), how.isDryRun) : []
    return stored instanceof Refusal ? refused(stored) : { kind }
  } catch (err) {
    return refused(err)
  }
}

/** Books what was counted of those that are stored. */
async function book(
  { deps, call }: Work,
  planned: readonly Planned[],
  stored: readonly Told[],
): Promise<readonly Told[]> {
  const counts = new Map(planned.map(({ place, plan: { count } }) => [place, count]))
  const told: Told[] = []
  const walk = stored.values()
  const work = async (): Promise<void> => {
    for (const each of walk) {
      const count = each.outcome.kind === 'refused' ? undefined : counts.get(each.place)
      try {
        if (count) await deps.bookCount(count.productId, count.units, call)
        told.push(each)
      } catch (err) {
        told.push({ place: each.place, outcome: refused(err) })
      }
    }
  }
  await Promise.all(Array.from({ length: countsAtOnce }, work))
  return told
}

function refused(err: unknown): Outcome {
  const refusal = refusalOfOne(err)
  return { kind: 'refused', refusal, field: fieldOf(refusal) }
}

function fieldOf({ code, details }: Refusal): string {
  const { field, attribute } = details ?? {}
  if (typeof field === 'string') return field
  if (typeof attribute === 'string') return `attributes.${attribute}`
  if (code.startsWith('stock.')) return 'stock'
  return fieldsOf[code] ?? ''
}

const fieldsOf: Readonly<Record<string, string>> = {
  'money.invalid': 'price',
  'product.options-taken': 'options',
  'family.full': 'familyId',
  'family.invalid-id': 'familyId',
}

const tooManyRows = (): Refusal =>
  new Refusal('invalid', 'import.too-many-rows', `import at most ${maxImportedRows} rows at once`)
