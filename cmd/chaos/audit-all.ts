import { connect } from '@nats-io/transport-node'
import type { Field } from '../../internal/chaos/field.ts'
import type { Rule } from '../../internal/chaos/rule.ts'
import { runAudit } from '../../internal/consumer/audit-service.ts'

/** What `npm run audit` says. */
export async function auditAll({ databaseUrl, natsUrl }: Field): Promise<readonly Rule[]> {
  const nats = await connect({ servers: natsUrl, name: 'tillstream-chaos audit' })
  try {
    return (await runAudit({ databaseUrl, nats })).invariants
  } finally {
    await nats.close()
  }
}
