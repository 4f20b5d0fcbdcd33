import type { StackFile } from '../internal/config/stack-file.ts'

type Databases = Readonly<Record<string, string>>

export const areKnown = (databases: Databases): boolean => Object.values(databases).every((url) => url !== '')

/** The databases of the settings, and those of the running stack for services whose settings name none. */
export const withThoseOf = (
  stack: Pick<StackFile, 'databases' | 'databaseUrl'>,
  databases: Databases,
): Databases =>
  Object.fromEntries(
    Object.entries(databases).map(([service, url]): [string, string] => {
      return [service, url || (stack.databases[service] ?? stack.databaseUrl)]
    }),
  )
