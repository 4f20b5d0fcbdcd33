import type { DatabaseOptions } from '../platform/database.ts'

const defaultPort = '5432'

/**
 * Each database once, in the order given, with the first options that name it. Who connects, and how, makes no other
 * database. Should two URLs that name one database differ even so, nothing breaks: one of the two relays gets no lanes.
 */
export function distinctDatabases(databases: readonly DatabaseOptions[]): readonly DatabaseOptions[] {
  const byPlace = new Map<string, DatabaseOptions>()
  for (const database of databases) {
    const place = placeOf(database.url)
    if (!byPlace.has(place)) byPlace.set(place, database)
  }
  return [...byPlace.values()]
}

/** What an operator knows the databases by, in the order given: the name, with its host where two names are the same. */
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
  // A socket's folder stands where a host would.
  return `${searchParams.get('host') ?? hostname}:${searchParams.get('port') ?? (port || defaultPort)}${pathname}`
}
