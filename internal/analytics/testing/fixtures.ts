import { newId } from '../../platform/new-id.ts'
import type { Fact, ProductId } from '../domain/fact.ts'

export const [mug, lamp] = [newId() as ProductId, newId() as ProductId]

/** An order of a mug for 5.00, bought on 30 November 2026 at ten. */
export const fact = (fact: Partial<Fact> = {}): Fact => ({
  ...{ kind: 'ordered', subjectId: newId(), productId: undefined, at: new Date('2026-11-30T10:20:00Z') },
  ...{ count: 1, units: 1, amountMinor: 500n, currency: 'EUR' },
  ...fact,
})
