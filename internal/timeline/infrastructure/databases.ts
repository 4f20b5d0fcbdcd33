import type pg from 'pg'
import { readOnce } from '../../platform/read-once.ts'
import type { Window } from '../domain/timeline.ts'

type Row = pg.QueryResultRow

/** Asks the databases of services. */
export type Databases = {
  readonly ask: <Found extends Row>(
    service: string,
    sql: string,
    values: readonly unknown[],
  ) => Promise<readonly Found[]>
  /** Each database has an outbox, and the log of who did what beside it. */
  readonly askAll: <Found extends Row>(sql: string, values: readonly unknown[]) => Promise<readonly Found[]>
}

/** Services with the same URL share a database. */
export function withDatabases<Result>(
  urls: Readonly<Record<string, string>>,
  use: (databases: Databases) => Promise<Result>,
): Promise<Result> {
  const different = [...new Set(Object.values(urls))]
  return readOnce('tillstream-timeline', different, (clients) => {
    const query = async <Found extends Row>(
      client: pg.Client | undefined,
      sql: string,
      values: readonly unknown[],
    ) => (await client?.query<Found>(sql, [...values]))?.rows ?? []
    return use({
      ask: (service, sql, values) => query(clients[different.indexOf(urls[service] ?? '')], sql, values),
      askAll: async <Found extends Row>(sql: string, values: readonly unknown[]) =>
        (await Promise.all(clients.map((client) => query<Found>(client, sql, values)))).flat(),
    })
  })
}

/** Spans of time as the parameters of a query. */
export const spansOf = (windows: readonly Window[]): readonly (readonly Date[])[] => [
  windows.map(({ from }) => from),
  windows.map(({ to }) => to),
]
