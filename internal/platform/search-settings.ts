import { parsed, url, type ValuesOf } from './settings.ts'

/** Where the search index is. The search service fills and asks it; the consumer's audit compares it with the catalogue. */
export const searchIndexSettings = {
  searchUrl: url(
    'SEARCH_URL',
    ['http:', 'https:'],
    'An Elasticsearch (from 7.10 on) or OpenSearch that keeps the search index, with user and password if it wants them: https://user:password@host:9200. Empty: the index is in PostgreSQL.',
  ),
  searchIndex: parsed(
    'SEARCH_INDEX',
    { fallback: 'tillstream-search', expected: 'the name of an index', parse: indexName },
    'The name by which that server is asked for the index. The index itself has a number behind it. Shops that share a server have different ones. It has no effect without SEARCH_URL.',
  ),
} as const

type Values = Partial<ValuesOf<typeof searchIndexSettings>>

/** Undefined when the index is in PostgreSQL. */
export const indexServerOf = ({
  searchUrl: url = '',
  searchIndex: index = searchIndexSettings.searchIndex.fallback,
}: Values): { readonly url: string; readonly index: string } | undefined =>
  url === '' ? undefined : { url, index }

function indexName(name: string): string {
  if (!/^[a-z0-9][a-z0-9_.-]{0,99}$/.test(name))
    throw new Error('it has up to 100 of a-z, 0-9, dots, dashes and underscores')
  return name
}
