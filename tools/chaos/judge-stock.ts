import type { EndState } from './end-state.ts'
import type { Product } from './history.ts'
import { succeeded, wasRefused, type Attempts } from './operations.ts'
import { countClasses, groupBy, ruleOf, type Class, type ClassCounts, type Rule } from './rule.ts'

type Judged = Attempts & { readonly quantities: readonly number[]; readonly wanted: number }

/** Compares the adjustments of the admin with the stock movements under their keys. */
export function judgeAdjustments(
  operations: readonly Attempts[],
  { adjustments }: EndState,
): { readonly counts: ClassCounts; readonly rules: readonly Rule[] } {
  const byKey = groupBy(adjustments, ({ key, product }) => `${product} ${key}`)
  const booked = operations.flatMap((attempts): Judged[] => {
    const { key, operation } = attempts
    if (operation.name !== 'adjust') return []
    const movements = byKey.get(`${operation.product} ${key}`) ?? []
    return [
      { ...attempts, wanted: operation.quantity, quantities: movements.map(({ quantity }) => quantity) },
    ]
  })
  return {
    counts: { adjust: countClasses(booked.map(adjustClass)) },
    rules: [
      ruleOf('an adjustment that was answered is booked, once and whole', booked, (judged) => {
        const found = adjustClass(judged)
        if (found !== 'lost' && found !== 'doubled' && found !== 'unexpected') return undefined
        return `${judged.key} is ${found}: ${judged.wanted} wanted, ${judged.quantities.join(' and ') || 'nothing'} booked`
      }),
    ],
  }
}

function adjustClass(judged: Judged): Class {
  const { quantities, wanted } = judged
  if (quantities.length > 1) return 'doubled'
  const isBooked = quantities[0] === wanted
  if (quantities.length === 1 && !isBooked) return 'unexpected'
  if (succeeded(judged).length > 0) return isBooked ? 'ok' : 'lost'
  if (judged.isDefinite && wasRefused(judged)) return isBooked ? 'unexpected' : 'refused'
  return isBooked ? 'unknown-recovered' : 'unknown-absent'
}

const selling: readonly string[] = ['confirmed', 'paid', 'shipped', 'completed']

/**
 * Compares the units that were put on sale with those that were sold and those that are left, each from its own table.
 */
export function judgeStock(
  products: readonly Product[],
  { orders, adjustments, available }: EndState,
): { readonly oversold: number; readonly rules: readonly Rule[] } {
  const sold = new Map<string, number>()
  for (const { status, items } of orders)
    for (const { productId, quantity } of selling.includes(status) ? items : [])
      sold.set(productId, (sold.get(productId) ?? 0) + quantity)
  const given = new Map(products.map(({ id, stock }) => [id, stock]))
  for (const { product, quantity } of adjustments) given.set(product, (given.get(product) ?? 0) + quantity)
  const beyond = (id: string): number => Math.max(0, (sold.get(id) ?? 0) - (given.get(id) ?? 0))
  return {
    oversold: products.reduce((sum, { id }) => sum + beyond(id), 0),
    rules: [
      ruleOf('no product is sold beyond its stock', products, ({ id }) =>
        beyond(id) > 0 ? `product ${id} was sold ${beyond(id)} times too often` : undefined,
      ),
      ruleOf('what is left and what is sold is what there was', products, ({ id }) => {
        const [there, gone, had] = [available.get(id), sold.get(id) ?? 0, given.get(id) ?? 0]
        return there !== undefined && there + gone === had
          ? undefined
          : `product ${id} had ${had} units: ${gone} were sold and ${there ?? 'an unknown number'} are left`
      }),
    ],
  }
}
