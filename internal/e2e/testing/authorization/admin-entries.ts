import { newApiKey } from '../staff-suite.ts'
import type { Entries, Things } from './things.ts'

export const staffEntries = ({ unknown, newWebhook, webhookId, api, adminToken }: Things): Entries => ({
  'GET /admin/webhooks': { is: [401, 403, 403, 200] },
  'POST /admin/webhooks': { body: newWebhook, is: [401, 403, 403, 201] },
  'GET /admin/webhooks/{id}': { id: webhookId, is: [401, 403, 403, 200] },
  'PATCH /admin/webhooks/{id}': { id: webhookId, body: () => ({ isPaused: true }), is: [401, 403, 403, 200] },
  'DELETE /admin/webhooks/{id}': { id: webhookId, is: [401, 403, 403, 204] },
  'GET /admin/webhooks/{id}/deliveries': { id: webhookId, is: [401, 403, 403, 200] },
  'POST /admin/webhooks/{id}/deliveries/{deliveryId}/redeliver': {
    id: unknown,
    body: () => ({}),
    is: [401, 403, 403, 404],
  },
  'POST /admin/webhooks/{id}/replay': {
    id: webhookId,
    body: () => ({ from: '2026-11-01T00:00:00Z', to: '2026-11-02T00:00:00Z' }),
    is: [401, 403, 403, 202],
  },
  'GET /admin/dead-letters': { is: [401, 403, 403, 200] },
  'GET /admin/dead-letters/{id}': { id: unknown, is: [401, 403, 403, 404] },
  'GET /admin/orders/changes': { is: [401, 403, 403, 200] },
  'GET /admin/products/low-stock': { is: [401, 403, 403, 200] },
  'GET /admin/orders/{id}/timeline': { id: unknown, is: [401, 403, 403, 404] },
  'POST /admin/dead-letters/{id}/requeue': { id: unknown, is: [401, 403, 403, 404] },
  'POST /admin/dead-letters/{id}/discard': {
    id: unknown,
    body: () => ({ reason: 'r' }),
    is: [401, 403, 403, 404],
  },
  'GET /admin/api-keys': { is: [401, 403, 403, 200] },
  'POST /admin/api-keys': {
    body: () => ({ name: 'k', scopes: ['log:read'] }),
    is: [401, 403, 403, 201],
  },
  'DELETE /admin/api-keys/{id}': {
    id: async () => (await newApiKey(api, adminToken, ['log:read'])).id,
    is: [401, 403, 403, 204],
  },
  'GET /admin/log': { is: [401, 403, 403, 200] },
  'GET /admin/analytics?metric=orders': { is: [401, 403, 403, 200] },
  'GET /admin/system': { is: [401, 403, 403, 200] },
  'GET /admin/audit': { is: [401, 403, 403, 200] },
})

export const pricingEntries = (things: Things): Entries => ({
  ...ruleEntries(things, 'shipping-methods', () => ({ name: 'Standard', price: 4.9 })),
  ...ruleEntries(things, 'tax-rates', () => ({ country: 'DE', category: things.newName(), percent: 7 })),
  ...ruleEntries(things, 'promotions', () => ({ kind: 'percent', value: 10 })),
})

/** The rules of pricing, of which each caller gets one of its own. */
function ruleEntries({ api, adminToken }: Things, name: string, body: () => object): Entries {
  const path = `/admin/${name}`
  const id = async (): Promise<string> =>
    (await api.request<{ id: string }>('POST', path, { token: adminToken, body: body() })).body.id
  return {
    [`GET ${path}`]: { is: [401, 403, 403, 200] },
    [`POST ${path}`]: { body, is: [401, 403, 403, 201] },
    [`GET ${path}/{id}`]: { id, is: [401, 403, 403, 200] },
    [`PATCH ${path}/{id}`]: { id, body, is: [401, 403, 403, 200] },
    [`DELETE ${path}/{id}`]: { id, is: [401, 403, 403, 204] },
  }
}

export const platformEntries = (): Entries => ({
  // Each field is for whom its route is: below.
  'POST /graphql': { body: () => ({ query: '{ __typename }' }), key: 200, is: [200, 200, 200, 200] },
  'GET /graphql/schema': { is: [200, 200, 200, 200] },
  'GET /livez': { is: [200, 200, 200, 200] },
  'GET /readyz': { is: [200, 200, 200, 200] },
  // Operators have a listener of their own.
  'GET /metrics': { is: [401, 401, 401, 401] },
})
