import type { DatabaseOptions } from '../platform/database.ts'

const defaultPort = '5432'

/**
 * Each database once, in the order given, with the first options that name it. Two URLs that differ only in the user
 * or in connection parameters name the same database. If two URLs of one database are still taken for two, nothing
 * breaks: one of the two relays gets no lanes.
 */
export function distinctDatabases(databases: readonly DatabaseOptions[]): readonly DatabaseOptions[] {
  const byPlace = new Map<string, DatabaseOptions>()
  for (const database of databases) {
    const place = placeOf(database.url)
    if (!byPlace.has(place)) byPlace.set(place, database)
  }
  return [...byPlace.values()]
}

/**
 * The labels that an operator sees, in the order given: the database's name, with its host where two names are the
 * same.
 */
export function databaseLabels(databases: readonly DatabaseOptions[]): readonly string[] {
  const names = databases.map(({ url }) => nameOf(url))
  return databases.map(({ url }, index) => {
    const name = names[index] ?? ''
    return names.filter((other) => other === name).length > 1 ? placeOf(url) : name
  })
}

const nameOf = (url: string): string => new URL(url).pathname.slice(1)

function placeOf(url: string): string {
  const { hostname, port, searchParams, pathname } = new URL(url)
  // A connection by Unix socket gives its folder as the `host` parameter.
  return `${searchParams.get('host') ?? hostname}:${searchParams.get('port') ?? (port || defaultPort)}${pathname}`
}
