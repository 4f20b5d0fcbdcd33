import type { FastifyReply, FastifyRequest } from 'fastify'
import type { Endpoint } from '../endpoint.ts'
import type { Visit } from './visit.ts'

/** Crawlers, previews and measuring programs name themselves so. */
const bots =
  /bot\b|bot[/_;]|crawl|spider|slurp|preview|scrap|monitor|lighthouse|headless|facebookexternalhit|^curl|^wget|^python/i

/**
 * What the request counts as: nothing for bots, for staff and programs with a key, for whoever asks not to be tracked, and for
 * what a browser loads in case it will be shown.
 */
export function visitOf(
  { counts: what }: Pick<Endpoint, 'counts'>,
  request: Pick<FastifyRequest, 'method' | 'headers' | 'params' | 'query' | 'caller'>,
  reply: Pick<FastifyReply, 'statusCode'>,
): Visit | undefined {
  if (!what || reply.statusCode !== 200 || request.method === 'HEAD' || !isPerson(request)) return undefined
  if (what === 'searches') return isFirstPage(request.query) ? { what, productId: '' } : undefined
  // The route has validated its parameter.
  return { what, productId: what === 'views' ? (request.params as { readonly id: string }).id : '' }
}

function isPerson({ headers, caller }: Pick<FastifyRequest, 'headers' | 'caller'>): boolean {
  const { dnt, 'sec-gpc': gpc, 'sec-purpose': purpose = '', 'user-agent': agent = '' } = headers
  if (dnt === '1' || gpc === '1' || purpose.includes('prefetch') || agent === '' || bots.test(agent))
    return false
  const { identity, call } = caller
  return call.actor?.kind !== 'key' && (identity === undefined || identity.role === 'customer')
}

function isFirstPage(query: unknown): boolean {
  const { q = '', cursor } = query as { readonly q?: string; readonly cursor?: string }
  return q.trim() !== '' && cursor === undefined
}
