import type { onResponseHookHandler } from 'fastify'
import type { Endpoint } from '../endpoint.ts'
import type { Visits } from './open-visits.ts'
import { visitOf } from './visit-of.ts'

/** Counts after the answer, so that nobody waits for it. */
export function countVisits(
  endpoint: Endpoint,
  visits: Pick<Visits, 'add'>,
): readonly onResponseHookHandler[] {
  if (!endpoint.counts) return []
  const count: onResponseHookHandler = (request, reply, done) => {
    const visit = visitOf(endpoint, request, reply)
    if (visit) visits.add(visit)
    done()
  }
  return [count]
}
