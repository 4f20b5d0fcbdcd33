import type { NatsConnection } from '@nats-io/transport-node'
import type { RunAuditResponseSchema } from '../gen/consumer/v1/consumer_pb.ts'
import type { FileStore } from '../platform/files/file-store.ts'
import { Refusal } from '../platform/refusal.ts'
import type { Wire } from '../platform/wire.ts'
import { auditInvariants } from './application/audit.ts'
import type { Aggregate } from './domain/aggregate.ts'
import { databasesOf, listed } from './domain/databases.ts'
import type { AuditCheck } from './infrastructure/check.ts'
import { auditChecks } from './infrastructure/checks.ts'
import { imageFilesCheck } from './infrastructure/image-files.ts'
import { indexServerCheck, type IndexServer } from './infrastructure/index-server.ts'
import { indexRule } from './infrastructure/search-sql.ts'
import { withPgSnapshots } from './infrastructure/snapshot.ts'
import { jetStreamStreams } from './infrastructure/streams.ts'

export type AuditOptions = {
  /** Where each service's schema is, by the service's name. The services with the same URL share a database. */
  readonly databases: Readonly<Record<string, string>>
  /** What has events: the list of services says it. */
  readonly aggregates: readonly Aggregate[]
  /** Undefined: what the streams hold is not judged. */
  readonly nats: NatsConnection | undefined
  /** Where the files of images are; absent: they are not compared with their rows. */
  readonly imageFiles?: FileStore | undefined
  /** Where the search index is; absent: in the database of the search service. */
  readonly indexServer?: IndexServer | undefined
}

/**
 * The audit, wired; it opens database connections of its own and closes them. Throws when a server is away, and refuses
 * with audit.database-unknown when the database of a service is not given.
 */
export async function runAudit({
  databases,
  aggregates,
  nats,
  imageFiles,
  indexServer,
}: AuditOptions): Promise<Wire<typeof RunAuditResponseSchema>> {
  requireAll(databases, aggregates)
  const audit = auditInvariants({
    checks: [...(await checksWith(indexServer)), await imageFilesCheck(imageFiles)],
    streams: nats && jetStreamStreams(nats),
    withSnapshots: (look) => withPgSnapshots(databasesOf(databases), aggregates, look),
  })
  return { invariants: await audit() }
}

async function checksWith(indexServer: IndexServer | undefined): Promise<readonly AuditCheck[]> {
  if (!indexServer) return auditChecks
  return [
    ...auditChecks.filter(({ names }) => !names.includes(indexRule)),
    await indexServerCheck(indexServer),
  ]
}

/** A service that is left out would be passed over in silence, and its events taken for somebody else's. */
function requireAll(databases: Readonly<Record<string, string>>, aggregates: readonly Aggregate[]): void {
  const services = new Set([...Object.keys(databases), ...servicesRead(aggregates)])
  const unknown = [...services].filter((service) => !databases[service])
  if (unknown.length === 0) return
  throw new Refusal(
    'conflict',
    'audit.database-unknown',
    `the audit reads the databases of all services, and is not told where that of ${listed(unknown)} is`,
  )
}

const servicesRead = (aggregates: readonly Aggregate[]): readonly string[] => [
  ...new Set([...auditChecks.flatMap(({ needs }) => needs), ...aggregates.map(({ service }) => service)]),
]
