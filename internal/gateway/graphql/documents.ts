import { createHash } from 'node:crypto'
import { LRUCache } from 'lru-cache'
import { Refusal } from '../../platform/refusal.ts'

/** A query as a request names it: by its text, by its hash, or by both, which makes the hash known. */
export type Named = { readonly query: string | undefined; readonly hash: string | undefined }

export type Documents<Prepared> = {
  /** Prepares each text once, as long as it is kept. What cannot be prepared is refused each time. */
  readonly get: (named: Named, operationName: string | undefined) => Prepared
}

/** Keeps prepared queries, and the texts of those that were sent with their hash, the most recently used ones. */
export function openDocuments<Prepared extends object>(
  maxCharacters: number,
  prepare: (text: string, operationName: string | undefined) => Prepared,
): Documents<Prepared> {
  const prepared = new LRUCache<string, Prepared>({
    maxSize: maxCharacters,
    sizeCalculation: (_value, key) => key.length + 1,
  })
  const texts = new LRUCache<string, string>({
    maxSize: maxCharacters,
    sizeCalculation: (text, key) => text.length + key.length,
  })

  function textOf({ query, hash }: Named): string {
    if (query !== undefined) return query
    const text = hash === undefined ? undefined : texts.get(hash)
    if (text !== undefined) return text
    if (hash === undefined) throw new Refusal('invalid', 'graphql.no-query', 'send a query')
    // Clients know this message: they send the query with its hash then.
    throw new Refusal('not-found', 'graphql.unknown-hash', 'PersistedQueryNotFound')
  }

  return {
    get(named, operationName) {
      const text = textOf(named)
      const { query, hash } = named
      const isNew = query !== undefined && hash !== undefined && texts.get(hash) !== query
      if (isNew && hashOf(query) !== hash)
        throw new Refusal('invalid', 'graphql.wrong-hash', 'the hash is not the SHA-256 of the query, in hex')
      const key = operationName === undefined ? text : `${operationName} of ${text}`
      const known = prepared.get(key)
      const ready = known ?? prepare(text, operationName)
      if (!known) prepared.set(key, ready)
      if (isNew) texts.set(hash, query)
      return ready
    },
  }
}

const hashOf = (text: string): string => createHash('sha256').update(text).digest('hex')
