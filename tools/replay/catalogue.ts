import { sendAs, problemOf, type Session } from './accounts.ts'
import { readOpenings, withOpening, type OpeningStock } from './domain/opening.ts'
import { roundPrice } from './domain/round-price.ts'
import type { PlannedInvoice, PlannedProduct } from './domain/plan.ts'
import { ReplayFailure } from './replay-failure.ts'
import type { Rest } from './rest.ts'

export type Product = {
  readonly id: string
  readonly sku: string
  readonly name: string
  readonly price: number
  readonly description: string
  readonly stock: number
}

export type Catalogue = {
  readonly bySku: () => Promise<Map<string, Product>>
  /** Creates the product or updates its name and price, and books its opening stock once. Returns its id. */
  readonly open: (product: PlannedProduct, known: Product | undefined, units: number) => Promise<string>
  /** Books a return. Resolves with false when it had been booked before. */
  readonly bookReturn: (
    productId: string,
    invoice: PlannedInvoice['invoice'],
    units: number,
  ) => Promise<boolean>
}

const category = 'replayed'

export function catalogueOf(rest: Rest, admin: Session, file: string, decimals: number): Catalogue {
  const send: Rest['send'] = (request) => sendAs(rest, admin, request)

  async function book(productId: string, quantity: number, reason: string, key: string): Promise<boolean> {
    const path = `/products/${productId}/stock`
    const answer = await send({ method: 'POST', path, key, body: { quantity, reason } })
    if (answer.status !== 200) throw new ReplayFailure(`${reason} cannot be booked: ${problemOf(answer)}`)
    return !answer.isReplay
  }

  /** Records the opening in the product before it books the stock. After a crash in between, the next run books it. */
  async function open(planned: PlannedProduct, known: Product | undefined, units: number): Promise<string> {
    const { sku } = planned
    const earlier = readOpenings(known?.description ?? '').find((opening) => opening.file === file)
    const opening = earlier ?? { file, before: known?.stock ?? 0, units }
    const body = {
      name: planned.name || known?.name || sku,
      price: Number(planned.price) > 0 || !known ? roundPrice(planned.price, decimals) : known.price,
      description: earlier && known ? known.description : withOpening(known?.description ?? '', opening),
    }
    const answer = known
      ? await send({ method: 'PATCH', path: `/products/${known.id}`, body })
      : await send({ method: 'POST', path: '/products', body: { ...body, sku, category, stock: 0 } })
    if (answer.status !== 200 && answer.status !== 201)
      throw new ReplayFailure(`product ${sku} cannot be made: ${problemOf(answer)}`)
    const { id } = answer.body as Product
    if (opening.units > 0) await book(id, opening.units, `opening stock of replay ${file}`, `opening-${file}`)
    return id
  }

  return {
    bySku: () => listProducts(send),
    open,
    bookReturn: (productId, invoice, units) => book(productId, units, `return ${invoice}`, invoice),
  }
}

async function listProducts(send: Rest['send']): Promise<Map<string, Product>> {
  const products = new Map<string, Product>()
  for (let path = firstPage; path !== '';) {
    const answer = await send({ method: 'GET', path })
    if (answer.status !== 200) throw new ReplayFailure(`the products cannot be listed: ${problemOf(answer)}`)
    const page = answer.body as { readonly data: readonly Product[]; readonly nextCursor: string | null }
    for (const product of page.data) products.set(product.sku, product)
    path = page.nextCursor === null ? '' : `${firstPage}&cursor=${encodeURIComponent(page.nextCursor)}`
  }
  return products
}

const firstPage = '/products?limit=100'

/** The opening stock of a product: as many units as the file sells, or the same number for each product. */
export function openingUnits(opening: OpeningStock, sold: ReadonlyMap<string, number>, sku: string): number {
  return opening === 'enough' ? (sold.get(sku) ?? 0) : opening
}
