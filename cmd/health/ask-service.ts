import { connect, type Msg } from '@nats-io/transport-node'
import type { Check } from './check.ts'

const connectTimeoutMs = 2_000
const answerTimeoutMs = 5_000

/** As internal/platform/rpc.ts writes it, which would load the database's driver too and so double the time of a check. */
type Reply =
  { readonly ok: { readonly checks: readonly Check[] } } | { readonly refused: { readonly message: string } }

/** Any replica may answer. One that is stuck alone is not found here; one that is broken has ended by itself. */
export async function askService(natsUrl: string, service: string): Promise<readonly Check[]> {
  const connection = await connect({
    servers: natsUrl.split(',').map((url) => url.trim()),
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
