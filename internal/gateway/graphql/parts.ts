import type { Services } from './services.ts'
import { accountPart } from './account-part.ts'
import { cartPart } from './cart-part.ts'
import { cataloguePart } from './catalogue-part.ts'
import { categoryPart } from './category-part.ts'
import { familyPart } from './family-part.ts'
import { orderPart } from './order-part.ts'
import type { Part } from './part.ts'
import { productLink } from './product-link.ts'

/** All that GraphQL shows. Something new is one more of these: its types, its fields of Query, and its links. */
export function partsOf(services: Services): readonly Part[] {
  const product = productLink(services)
  return [
    cataloguePart(),
    categoryPart(),
    familyPart(services, product),
    cartPart(product),
    accountPart(),
    orderPart(services, product),
  ]
}
