import { sendAs, problemOf, type Session } from './accounts.ts'
import { maxUnits } from './domain/api-limits.ts'
import { roundPrice } from './domain/round-price.ts'
import type { PlannedProduct } from './domain/plan.ts'
import { ReplayFailure } from './replay-failure.ts'
import type { Rest } from './rest.ts'
import type { ShopAnswer } from '../shared/shop-client.ts'

export type Product = {
  readonly id: string
  readonly sku: string
  readonly name: string
  readonly price: number
  readonly description: string
  readonly stock: number
}

export type ReturnBooked = 'now' | 'before' | { readonly problem: string }

export type Catalogue = {
  readonly bySku: () => Promise<Map<string, Product>>
  /** Creates the product or updates it. Returns its id. */
  readonly write: (
    planned: PlannedProduct,
    known: Product | undefined,
    description: string,
  ) => Promise<string>
  readonly describe: (id: string, description: string) => Promise<void>
  /** Books the opening stock of the file. Repeated, it does nothing. */
  readonly bookOpening: (productId: string, units: number) => Promise<void>
  /** What is already booked for the file under the key of its opening, without booking anything. */
  readonly bookedOpening: (product: Product) => Promise<number | undefined>
  readonly bookReturn: (productId: string, invoice: string, units: number) => Promise<ReturnBooked>
  readonly bookedReturn: (product: Product, invoice: string) => Promise<number | undefined>
}

const category = 'replayed'

export function catalogueOf(rest: Rest, admin: Session, file: string, decimals: number): Catalogue {
  const send: Rest['send'] = (request) => sendAs(rest, admin, request)
  const openingKey = `opening-${file}`

  const book = (productId: string, quantity: number, reason: string, key: string): Promise<ShopAnswer> =>
    send({ method: 'POST', path: `/products/${productId}/stock`, key, body: { quantity, reason } })

  /**
   * Asks for an adjustment that no product can take: below zero, or above the limit where the stock is near it. The
   * answer tells whether the key was used before, and for what.
   */
  async function booked({ id, stock }: Product, key: string): Promise<number | undefined> {
    const quantity = stock < maxUnits / 2 ? -maxUnits : maxUnits
    const answer = await book(id, quantity, 'is anything booked under this key?', key)
    if (answer.code === 'stock.idempotency-key-reused') return (answer.body as { quantity: number }).quantity
    if (answer.code === 'stock.below-zero' || answer.code === 'stock.too-large') return undefined
    throw new ReplayFailure(`the bookings under ${key} cannot be looked up: ${problemOf(answer)}`)
  }

  async function write(
    planned: PlannedProduct,
    known: Product | undefined,
    description: string,
  ): Promise<string> {
    const { sku } = planned
    const body = {
      name: planned.name || known?.name || sku,
      price: Number(planned.price) > 0 || !known ? roundPrice(planned.price, decimals) : known.price,
      description,
    }
    const answer = known
      ? await send({ method: 'PATCH', path: `/products/${known.id}`, body })
      : await send({ method: 'POST', path: '/products', body: { ...body, sku, category, stock: 0 } })
    if (answer.status !== 200 && answer.status !== 201)
      throw new ReplayFailure(`product ${sku} cannot be made: ${problemOf(answer)}`)
    return (answer.body as Product).id
  }

  return {
    bySku: () => listProducts(send),
    write,
    async describe(id, description) {
      const answer = await send({ method: 'PATCH', path: `/products/${id}`, body: { description } })
      if (answer.status !== 200)
        throw new ReplayFailure(`the end of the replay cannot be noted: ${problemOf(answer)}`)
    },
    async bookOpening(productId, units) {
      const reason = `opening stock of replay ${file}`
      const answer = await book(productId, units, reason, openingKey)
      if (answer.status !== 200) throw new ReplayFailure(`${reason} cannot be booked: ${problemOf(answer)}`)
    },
    bookedOpening: (product) => booked(product, openingKey),
    async bookReturn(productId, invoice, units) {
      const answer = await book(productId, units, `return ${invoice}`, invoice)
      if (answer.status === 200) return answer.isReplay ? 'before' : 'now'
      return { problem: `return ${invoice} cannot be booked: ${problemOf(answer)}` }
    },
    bookedReturn: (product, invoice) => booked(product, invoice),
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
