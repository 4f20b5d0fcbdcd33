import { services } from '../services.ts'

/** The PostgreSQL schema of each service that stores something. Its migrations are in prisma/<service>/migrations. */
export const schemaOf: Readonly<Record<string, string>> = Object.fromEntries(
  services.flatMap(({ name, schema }) => (schema === undefined ? [] : [[name, schema]])),
)
