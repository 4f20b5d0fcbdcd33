import { query } from '../../shared/database.ts'
import type { Fault } from '../field.ts'
import { indexedProducts } from '../index-and-catalogue.ts'
import { NotExercised } from '../not-exercised.ts'
import { waitFor } from '../wait.ts'
import { pidOf } from './process-faults.ts'

/** The comparison comes every few seconds; the search service may be killed meanwhile. */
const goodWithinMs = 60_000

/** Empties the index as an operator does who wants it built anew, and waits until it has as many products as before. */
export const emptyIndex: Fault = async ({ databaseUrl, postgres }) => {
  await pidOf(postgres)
  const before = await indexedProducts(databaseUrl)
  if (before === 0) throw new NotExercised('the index was empty')
  await query(databaseUrl, 'truncate search.products, search.texts, search.words, search.categories')
  const startedAt = performance.now()
  await waitFor('the index has all products again', goodWithinMs, async () => {
    return (await indexedProducts(databaseUrl)) >= before
  })
  const ms = Math.round(performance.now() - startedAt)
  return `${before} products were taken out of the index; all were in it again ${ms} ms later`
}
