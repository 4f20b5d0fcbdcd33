import type { Promotion, ShippingMethod, TaxRate } from 'tillstream-sdk'
import type { Resource } from '../../editing/resource-page.tsx'
import { api } from '../../session.ts'

// Bodies are made of the fields of the pages, which have the names and the kinds of the API's schemas. It checks them.

const asSeen = (version: number): { 'if-match': string } => ({ 'if-match': `"${version}"` })

export const promotions: Resource<Promotion> = {
  name: 'promotions',
  list: async (query, signal) => (await api().listPromotions({ query, signal })).data,
  get: async (id) => (await api().getPromotion({ path: { id } })).data,
  create: async (body, key) =>
    (await api().createPromotion({ body: body as never, headers: { 'idempotency-key': key } })).data,
  change: async (id, body, version) =>
    (await api().updatePromotion({ path: { id }, body, headers: asSeen(version) })).data,
  remove: async (id, version) => api().deletePromotion({ path: { id }, headers: asSeen(version) }),
}

export const shippingMethods: Resource<ShippingMethod> = {
  name: 'shipping-methods',
  list: async (query, signal) => (await api().listShippingMethods({ query, signal })).data,
  get: async (id) => (await api().getShippingMethod({ path: { id } })).data,
  create: async (body, key) =>
    (await api().createShippingMethod({ body: body as never, headers: { 'idempotency-key': key } })).data,
  change: async (id, body, version) =>
    (await api().updateShippingMethod({ path: { id }, body, headers: asSeen(version) })).data,
  remove: async (id, version) => api().deleteShippingMethod({ path: { id }, headers: asSeen(version) }),
}

export const taxRates: Resource<TaxRate> = {
  name: 'tax-rates',
  list: async (query, signal) => (await api().listTaxRates({ query, signal })).data,
  get: async (id) => (await api().getTaxRate({ path: { id } })).data,
  create: async (body, key) =>
    (await api().createTaxRate({ body: body as never, headers: { 'idempotency-key': key } })).data,
  change: async (id, body, version) =>
    (await api().updateTaxRate({ path: { id }, body, headers: asSeen(version) })).data,
  remove: async (id, version) => api().deleteTaxRate({ path: { id }, headers: asSeen(version) }),
}
