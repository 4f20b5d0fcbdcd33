import type { FastifyRequest } from 'fastify'
import { createHash, createHmac } from 'node:crypto'
import type { Actor, Once } from '../platform/call.ts'

type Asked = Pick<FastifyRequest, 'method' | 'url' | 'body' | 'caller' | 'ip'>

/**
 * Recognises a repeated request. The key counts for its caller and its route with the parameters; who is not logged in
 * is a guest with the token of a cart or of an order, or else an address. A body may contain a password, so its digest is made with a secret that all gateways share.
 */
export function onceOf({ method, url, body, caller, ip }: Asked, key: string, secret: string): Once {
  const { actor } = caller.call
  const who = caller.identity?.userId ?? bearerOf(actor) ?? ip
  const [path = ''] = url.toLowerCase().split('?') // ids may be written in either case
  return {
    key: createHash('sha256')
      .update(JSON.stringify([who, method, path, key]))
      .digest('base64url'),
    fingerprint: createHmac('sha256', secret).update(canonical(body)).digest('base64url'),
  }
}

function bearerOf(actor: Actor | undefined): string | undefined {
  if (actor?.kind === 'key') return actor.keyId
  if (actor?.kind === 'guest') return actor.cartId
  return actor?.kind === 'buyer' ? actor.orderId : undefined
}

/** JSON with the members of objects in the order of their names. Bodies have matched a schema, so they are not deep. */
function canonical(value: unknown): string {
  return JSON.stringify(value ?? null, (_name, inner: unknown) =>
    typeof inner === 'object' && inner !== null && !Array.isArray(inner)
      ? Object.fromEntries(Object.entries(inner).sort(([a], [b]) => (a < b ? -1 : 1)))
      : inner,
  )
}
