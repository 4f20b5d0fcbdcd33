import { Refusal } from '../../../platform/refusal.ts'

/** Orders in one transaction: its locks are held for some tens of milliseconds at most. */
const maxBatch = 1_000

export function requireBatch(size: number): void {
  if (size > maxBatch)
    throw new Refusal('invalid', 'stock.batch-too-large', `a batch has at most ${maxBatch} orders`)
}
