import { Refusal } from '../platform/refusal.ts'

/** Strong for what it covers: the catalogue's data. It says nothing of `stock`, so GET makes no 304 of it. */
export const etagOf = (product: { readonly version: number }): string => `"${product.version}"`

/** The version that the client has seen; undefined: any will do. */
export function expectedVersion(ifMatch: string | undefined): number | undefined {
  if (ifMatch === undefined || ifMatch === '*') return undefined
  const version = /^"([^"]*)"$/.exec(ifMatch)?.[1]
  if (version !== undefined && /^[1-9]\d{0,8}$/.test(version)) return Number(version)
  // A tag that we have never given, or a weak one, matches nothing (RFC 9110, 13.1.1).
  if (/^(W\/)?"[\x21\x23-\x7e]*"$/.test(ifMatch)) throw mismatch()
  throw new Refusal('invalid', 'request.if-match-invalid', 'If-Match is one ETag as it was given, or *')
}

const mismatch = (): Refusal =>
  new Refusal('conflict', 'product.version-mismatch', 'the product has changed since that version')
