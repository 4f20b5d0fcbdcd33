import { Refusal } from '../../../platform/refusal.ts'
import { isAtMost, textLengths } from '../../../platform/text.ts'
import type { ProductFilter, ProductPage, ProductPosition, Products, ProductSort } from './products.ts'

/** A page that a screen can show; larger ones only make one caller wait for another. */
const maxLimit = 100

const sorts: readonly string[] = ['newest', 'name', 'price', '-price'] satisfies ProductSort[]

type Input = {
  readonly filter: ProductFilter
  /** Empty: newest. */
  readonly sort: string
  readonly limit: number
  readonly after: ProductPosition | undefined
}

export function listProducts({ products }: { readonly products: Products }) {
  return async ({ filter, sort, limit, after }: Input): Promise<ProductPage> => {
    if (!Number.isInteger(limit) || limit < 1 || limit > maxLimit)
      throw invalid('limit', `limit must be a whole number from 1 to ${maxLimit}`)
    if (!isAtMost(filter.query ?? '', textLengths.search))
      throw invalid('query', `a search is at most ${textLengths.search} characters long`)
    return products.list(filter, parseSort(sort || 'newest'), limit, after)
  }
}

function parseSort(sort: string): ProductSort {
  // `sorts` holds exactly the values of the type.
  if (sorts.includes(sort)) return sort as ProductSort
  throw invalid('sort', `sort must be one of ${sorts.join(', ')}`)
}

function invalid(parameter: string, message: string): Refusal {
  return new Refusal('invalid', 'products.invalid-filter', message, { parameter })
}
