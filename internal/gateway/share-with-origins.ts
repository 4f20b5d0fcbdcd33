import cors from '@fastify/cors'
import type { FastifyInstance } from 'fastify'
import { httpMethods } from './http-methods.ts'

/** Pages of these origins may call. */
export async function shareWithOrigins(app: FastifyInstance, origins: readonly string[]): Promise<void> {
  if (origins.length === 0) return
  await app.register(cors, {
    origin: origins.includes('*') ? '*' : [...origins],
    methods: ['HEAD', ...httpMethods],
    exposedHeaders: [
      'etag',
      'cart-token',
      'order-token',
      'location',
      'retry-after',
      'x-request-id',
      'idempotent-replayed',
      'preference-applied',
      'ratelimit-limit',
      'ratelimit-remaining',
      'ratelimit-reset',
    ],
    maxAge: 86_400,
    strictPreflight: false,
  })
}
