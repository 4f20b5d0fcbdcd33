import { connect, type Msg } from '@nats-io/transport-node'
import { natsOptions, type NatsAccess } from '../../internal/platform/nats-access.ts'
import type { Check } from './check.ts'

const connectTimeoutMs = 2_000
const answerTimeoutMs = 5_000

/**
 * The reply of internal/platform/rpc.ts. Importing that file would load the database driver too and make checks slow.
 */
type Reply =
  { readonly ok: { readonly checks: readonly Check[] } } | { readonly refused: { readonly message: string } }

/**
 * Any replica may answer, so this does not find a single replica that is stuck. A replica that is broken ends by
 * itself.
 */
export async function askService(access: NatsAccess, service: string): Promise<readonly Check[]> {
  const connection = await connect({
    ...natsOptions(access),
    name: 'tillstream health',
    timeout: connectTimeoutMs,
    reconnect: false,
  })
  try {
    const answer: Msg = await connection
      .request(`svc.${service}.checkReadiness`, '{}', { timeout: answerTimeoutMs })
      .catch((cause: unknown) => {
        throw new Error(`the ${service} service does not answer`, { cause })
      })
    const reply = answer.json<Reply>()
    if ('refused' in reply) throw new Error(reply.refused.message)
    return reply.ok.checks
  } finally {
    await connection.close()
  }
}
