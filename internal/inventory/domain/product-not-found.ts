import { Refusal } from '../../platform/refusal.ts'

export function productNotFound(): Refusal {
  return new Refusal('not-found', 'product.not-found', 'there is no such product')
}
