import type { Product } from 'tillstream-sdk'
import type { Store } from '../../editing/use-editing.ts'
import { api } from '../../session.ts'

export const seenAs = (version: number): { 'if-match': string } => ({ 'if-match': `"${version}"` })

// Bodies are made of fields that have the names and the kinds of the API's schemas. It checks them.
export const products: Store<Product> = {
  get: async (id) => (await api().getProduct({ path: { id } })).data,
  create: async (body, key) =>
    (await api().createProduct({ body: body as never, headers: { 'idempotency-key': key } })).data,
  change: async (id, body, version) =>
    (await api().updateProduct({ path: { id }, body, headers: seenAs(version) })).data,
}
