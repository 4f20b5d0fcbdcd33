export type Product = {
  id: string
  sku: string
  name: string
  price: number
  description: string
  stock: number
  currency: string
}
export type Order = { id: string; status: string; items: { sku: string; quantity: number }[] }

export type Request = {
  readonly path: string
  readonly key: string
  readonly user: string
  readonly body: Body
}
/** All fields that the routes read. Each request has some of them. */
export type Body = {
  username: string
  email: string
  password: string
  quantity: number
  reason: string
  items: { productId: string; quantity: number }[]
} & CheckoutFields
export type Reply = readonly [status: number, body: unknown, isReplay?: boolean]

/** What carts and checkouts read of a body. */
type CheckoutFields = {
  productId: string
  cartVersion: number
  expectedTotal: number
  email: string
  shippingMethod: string
  paymentMethod: string
  deliveryAddress: { line2: string }
  name: string
}
