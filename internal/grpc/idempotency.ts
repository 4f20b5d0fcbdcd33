import { createHash } from 'node:crypto'
import type { JsonObject } from '@bufbuild/protobuf'
import type { Metadata } from '@grpc/grpc-js'
import type { Actor, Once } from '../platform/call.ts'
import { Refusal } from '../platform/refusal.ts'
import { textLengths } from '../platform/text.ts'

export const keyHeader = 'idempotency-key'

/** The same as those of REST. */
const keyPattern = new RegExp(`^[\\x21-\\x7e]{1,${textLengths.idempotencyKey}}$`)

/** The key of a request: of its metadata, or of its own field where it has one. Undefined without one. */
export function keyOf(metadata: Metadata, request: JsonObject): string | undefined {
  const values = metadata.get(keyHeader).map(String)
  const own = typeof request.idempotencyKey === 'string' ? request.idempotencyKey : ''
  const keys = [...new Set([...values, own].filter((key) => key !== ''))]
  if (keys.length > 1)
    throw new Refusal('invalid', 'request.invalid', `a request has one ${keyHeader}, and this has several`)
  const [key] = keys
  if (key !== undefined && !keyPattern.test(key))
    throw new Refusal('invalid', 'request.invalid', `this is no ${keyHeader}`)
  return key
}

/**
 * Recognises a repeated request, as the gateway does for REST. A key counts for its caller and its method. The digest of
 * the request is made with the key, so that nobody can guess at a request from its digest alone.
 */
export const onceOf = (actor: Actor | undefined, path: string, key: string, request: JsonObject): Once => ({
  key: digest(JSON.stringify(['grpc', whoIs(actor), path, key])),
  fingerprint: digest(JSON.stringify([key, request])),
})

function whoIs(actor: Actor | undefined): string {
  if (actor?.kind === 'key') return actor.keyId
  return actor?.kind === 'user' ? actor.userId : ''
}

const digest = (text: string): string => createHash('sha256').update(text).digest('base64url')
