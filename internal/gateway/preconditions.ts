import { Refusal } from '../platform/refusal.ts'

/** A strong ETag. A product's does not cover `stock`, so GET does not answer 304 because of it. */
export const etagOf = (thing: { readonly version: number }): string => `"${thing.version}"`

/** The version that the client has seen; undefined when any version will do. `thing` is how its codes begin. */
export function expectedVersion(ifMatch: string | undefined, thing = 'product'): number | undefined {
  if (ifMatch === undefined || ifMatch === '*') return undefined
  const version = /^"([^"]*)"$/.exec(ifMatch)?.[1]
  if (version !== undefined && /^[1-9]\d{0,8}$/.test(version)) return Number(version)
  // A weak tag, or one that we have never given, matches nothing (RFC 9110, 13.1.1).
  if (/^(W\/)?"[\x21\x23-\x7e]*"$/.test(ifMatch)) throw mismatch(`${thing}.version-mismatch`)
  throw new Refusal('invalid', 'request.if-match-invalid', 'If-Match must be one ETag as it was given, or *')
}

const mismatch = (code: string): Refusal => new Refusal('conflict', code, 'it has changed since that version')
