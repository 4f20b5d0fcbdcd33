import type { NatsConnection } from '@nats-io/transport-node'
import type { RunAuditResponseSchema } from '../gen/consumer/v1/consumer_pb.ts'
import { Refusal } from '../platform/refusal.ts'
import type { Wire } from '../platform/wire.ts'
import { auditInvariants } from './application/audit.ts'
import { withPgSnapshot } from './infrastructure/snapshot.ts'
import { jetStreamStreams } from './infrastructure/streams.ts'

export type AuditOptions = {
  readonly databaseUrl: string
  /** Undefined: what the streams hold is not judged. */
  readonly nats: NatsConnection | undefined
}

/** The audit, wired; it opens a database connection of its own and closes it. Throws when either server is away. */
export async function runAudit({
  databaseUrl,
  nats,
}: AuditOptions): Promise<Wire<typeof RunAuditResponseSchema>> {
  const audit = auditInvariants({
    streams: nats && jetStreamStreams(nats),
    withSnapshot: (look) => withPgSnapshot(databaseUrl, look),
  })
  return { invariants: await audit() }
}

/** The database that all services share. Refused with audit.separate-databases: then there is no moment to look at. */
export function sharedDatabase(databases: Readonly<Record<string, string>>): string {
  const [url = '', ...others] = new Set(Object.values(databases))
  if (others.length === 0) return url
  throw new Refusal(
    'conflict',
    'audit.separate-databases',
    'the audit looks at all services at one moment, so they have to share one database; these do not',
  )
}
