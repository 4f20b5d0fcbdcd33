import { newId } from '../../../platform/new-id.ts'
import type { Entries, Things } from './things.ts'

export const cartEntries = ({ address, product, cartLine }: Things): Entries => ({
  // Everybody has a cart, and sees no other; a guest without one is shown an empty one.
  'GET /cart': { is: [200, 200, 200, 200] },
  'POST /cart/items': {
    body: () => ({ productId: product.id, quantity: 1 }),
    is: [200, 200, 200, 200],
  },
  'PATCH /cart/items/{lineId}': { id: cartLine, body: () => ({ quantity: 2 }), is: [404, 200, 404, 404] },
  'DELETE /cart/items/{lineId}': { id: cartLine, is: [404, 200, 404, 404] },
  'PUT /cart/delivery': { body: () => ({ address }), is: [404, 200, 200, 200], guest: 200 },
  'GET /cart/shipping-methods?country=GB': { is: [200, 200, 200, 200] },
  'POST /cart/promotions': { body: () => ({ code: 'NONE' }), is: [404, 409, 409, 409], guest: 409 },
  'DELETE /cart/promotions/{code}': { id: () => 'NONE', is: [404, 404, 404, 404] },
  // A guest without a token has no cart, and nobody else has one of this version.
  'POST /checkout': {
    body: () => ({ cartVersion: 999, expectedTotal: 1, paymentMethod: 'card' }),
    is: [409, 409, 409, 409],
  },
  'POST /cart/reopen': { is: [200, 200, 200, 200] },
  'DELETE /cart': { is: [200, 200, 200, 200] },
})

export const orderEntries = ({
  account,
  order,
  line,
  newOrder,
  unknown,
  shippedLine,
  newShippable,
  newShipment,
}: Things): Entries => ({
  'GET /orders': { is: [401, 200, 200, 200] },
  'GET /orders?userId={id}': { id: () => account.id, is: [401, 200, 403, 200] },
  // Other customers do not learn whether an order exists.
  'GET /orders/{id}': { id: () => order.id, is: [401, 200, 404, 200] },
  'GET /orders/{id}/events': { id: () => order.id, is: [401, 200, 404, 200] },
  'POST /orders': { body: line, is: [401, 201, 201, 201] },
  // Of these only the admin has a verified address.
  'POST /orders/claim': { is: [401, 409, 409, 200], staffWith: 409 },
  'POST /orders/{id}/cancel': { id: newOrder, body: () => ({}), is: [401, 200, 404, 200] },
  'PATCH /orders/{id}': { id: newOrder, body: () => ({ status: 'canceled' }), is: [401, 403, 403, 200] },
  'POST /orders/{id}/shipments': {
    id: async () => (await newShippable()).id,
    body: () => ({ lines: [{ lineId: shippedLine(), quantity: 1 }], carrier: 'Post' }),
    is: [401, 403, 403, 201],
  },
  'PATCH /shipments/{id}': {
    id: async () => (await newShipment()).id,
    body: () => ({ status: 'delivered' }),
    is: [401, 403, 403, 200],
  },
  'POST /shipments/{id}/resend': {
    id: async () => (await newShipment('lost')).id,
    body: () => ({ carrier: 'Post' }),
    is: [401, 403, 403, 201],
  },
  'GET /orders/{id}/tracking': { id: () => order.id, is: [401, 200, 404, 200] },
  'POST /orders/{id}/returns': {
    id: async () => (await newShipment()).orderId,
    body: () => ({ lines: [{ lineId: shippedLine(), quantity: 1 }] }),
    is: [401, 201, 404, 201],
  },
  'GET /orders/{id}/returns': { id: () => order.id, is: [401, 200, 404, 200] },
  'PATCH /returns/{id}': { id: unknown, body: () => ({ status: 'approved' }), is: [401, 403, 403, 404] },
})

export const paymentEntries = ({ order, unknown }: Things): Entries => ({
  'GET /payment-methods': { is: [200, 200, 200, 200] },
  'POST /orders/{id}/payments': {
    id: () => order.id,
    body: () => ({ paymentMethod: 'invoice' }),
    is: [401, 201, 404, 201],
  },
  'GET /orders/{id}/payments': { id: () => order.id, is: [401, 200, 404, 200] },
  'GET /orders/{id}/receipts': { id: () => order.id, is: [401, 200, 404, 200] },
  // Nothing was paid for here; receipt-drills.int.test.ts and receipts.campaign.test.ts have what was.
  'GET /receipts/{id}': { id: unknown, is: [401, 404, 404, 404] },
  'GET /receipts/{id}.pdf': { id: unknown, is: [401, 404, 404, 404] },
  // Nobody has begun a payment here; payment-drills.int.test.ts has those of a customer and of another one.
  'GET /payments/{id}': { id: unknown, is: [401, 404, 404, 404] },
  'POST /payments/{id}/capture': { id: unknown, body: () => ({}), is: [401, 403, 403, 404] },
  'POST /payments/{id}/void': { id: unknown, body: () => ({}), is: [401, 403, 403, 404] },
  'POST /payments/{id}/refunds': {
    id: unknown,
    body: () => ({ reason: 'returned' }),
    is: [401, 403, 403, 404],
  },
  // Refunds that exist, and money that belongs to nobody: staff-money.campaign.test.ts.
  'GET /admin/refunds': { is: [401, 403, 403, 200] },
  'POST /refunds/{id}/settle': {
    id: unknown,
    body: () => ({ reference: 'bank-1' }),
    is: [401, 403, 403, 404],
  },
  'POST /refunds/{id}/repeat': { id: unknown, body: () => ({}), is: [401, 403, 403, 404] },
  'GET /admin/suspense': { is: [401, 403, 403, 200] },
  'POST /admin/suspense/assign': {
    body: () => ({ provider: 'stripe', ref: 'pi_none', orderId: newId() }),
    is: [401, 403, 403, 404],
  },
  'POST /admin/suspense/give-back': {
    body: () => ({ provider: 'stripe', ref: 'pi_none', reference: 'bank-1' }),
    is: [401, 403, 403, 404],
  },
  // What stands here is no provider's name; payment-routes.test.ts has what is.
  'POST /webhooks/{provider}': { body: () => ({}), is: [404, 404, 404, 404] },
  'GET /admin/provider-messages': { is: [401, 403, 403, 200] },
  'POST /admin/provider-messages/{id}/requeue': { id: () => '1', body: () => ({}), is: [401, 403, 403, 404] },
})
