import type { FastifyReply, FastifyRequest } from 'fastify'
import { standingOf } from '../platform/callers/identify.ts'
import type { Asker } from './endpoint.ts'
import { addressOf } from './rates.ts'
import type { Viewer } from './streams/open-streams.ts'

/** What browsers call themselves is shorter. */
const clientLength = 300

export const askerOf = (request: FastifyRequest): Asker => ({
  origin: `${request.protocol}://${request.host}`,
  address: addressOf(request),
  client: (request.headers['user-agent'] ?? '').replace(/[^ -~]/g, '').slice(0, clientLength),
})

/** The streams of one account, API key or guest's order are counted together. */
export function viewerOf(request: FastifyRequest, reply: FastifyReply): Viewer {
  const { actor } = request.caller.call
  const standing = standingOf(request.caller)
  const account = actor?.kind === 'buyer' ? actor.orderId : (standing?.userId ?? '')
  return { account, address: addressOf(request), standing, hangUp: () => void reply.raw.destroy() }
}
