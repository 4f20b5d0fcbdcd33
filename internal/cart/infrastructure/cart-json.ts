import type { CartItemSchema, CartPromotionSchema, CartSchema } from '../../gen/cart/v1/cart_pb.ts'
import { isoTime } from '../../platform/iso-time.ts'
import type { Wire } from '../../platform/wire.ts'
import type { Priced, Totals } from '../application/ports.ts'
import type { CartView } from '../application/view-cart.ts'
import { attributesOf } from '../domain/attributes.ts'
import type { Cart, Delivery } from '../domain/cart.ts'
import type { ShownLine } from '../domain/show.ts'

/** The cart in the form of the contract. */
export function cartJson({ cart, shown, priced }: CartView): Wire<typeof CartSchema> {
  return {
    id: cart.version === 0 ? '' : cart.id,
    version: cart.version,
    status: cart.status,
    currency: shown.currency,
    items: shown.lines.map(itemJson),
    promotions: promotionsJson(cart, priced),
    delivery: deliveryJson(cart.delivery),
    totals: totalsJson(priced.totals),
    userId: cart.userId,
    orderId: hasOrder(cart) ? cart.order?.orderId : undefined,
    lockedVersion: hasOrder(cart) ? cart.order?.version : undefined,
    updatedAt: isoTime(cart.updatedAt),
  }
}

/** An order that the cart was given back from is none of its owner's business any more. */
const hasOrder = ({ status }: Cart): boolean => status === 'locked' || status === 'ordered'

// The fields are copied one by one, because this runs for each line that is shown and a rest pattern is much slower.
function itemJson(line: ShownLine): Wire<typeof CartItemSchema> {
  return {
    lineId: line.lineId,
    productId: line.productId,
    sku: line.product.sku,
    name: line.product.name,
    image: line.image === '' ? undefined : line.image,
    quantity: line.quantity,
    unitPriceMinor: String(line.product.priceMinor),
    lineTotalMinor: String(line.totalMinor),
    available: line.available,
    attributes: attributesOf(line.attributes),
    warnings: line.warnings,
  }
}

/** What applies, and the codes that were given and do not apply any more, so that their owner can see why. */
function promotionsJson(cart: Cart, priced: Priced): readonly Wire<typeof CartPromotionSchema>[] {
  const applied = priced.promotions.map(({ code, description, amountMinor }) => {
    return { code, description, amountMinor: String(amountMinor), notApplicable: undefined }
  })
  const refused = priced.refusedCodes.map(({ code, reason }) => {
    return { code, description: '', amountMinor: '0', notApplicable: reason }
  })
  const told = new Set([...applied, ...refused].map(({ code }) => code.toLowerCase()))
  const silent = cart.promotionCodes
    .filter((code) => !told.has(code.toLowerCase()))
    .map((code) => ({ code, description: '', amountMinor: '0', notApplicable: undefined }))
  return [...applied, ...refused, ...silent]
}

const nowhere = {
  ...{ name: '', line1: '', line2: '', city: '', region: '', postalCode: '', country: '', phone: '' },
}

const deliveryJson = (delivery: Delivery | undefined) => ({
  address: delivery?.address ?? nowhere,
  shippingMethod: delivery?.shippingMethod,
})

const totalsJson = (totals: Totals) => ({
  itemsMinor: String(totals.itemsMinor),
  discountMinor: String(totals.discountMinor),
  shippingMinor: String(totals.shippingMinor),
  taxMinor: String(totals.taxMinor),
  totalMinor: String(totals.totalMinor),
})
