/** One database, and the services whose schemas are in it. */
export type Database = { readonly url: string; readonly services: readonly string[] }

/** Services with the same URL share a database. */
export function databasesOf(urls: Readonly<Record<string, string>>): readonly Database[] {
  const services = Object.keys(urls)
  return [...new Set(Object.values(urls))].map((url) => {
    return { url, services: services.filter((service) => urls[service] === url) }
  })
}

/** As one says it: a, b and c. */
export function listed(names: readonly string[]): string {
  return names.length < 2 ? names.join('') : `${names.slice(0, -1).join(', ')} and ${names.at(-1)}`
}
