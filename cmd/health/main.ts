// node dist/cmd/health/main.js <service>: 0 when the service says that it is ready, else 1 and why. For containers.
import { connect } from '@nats-io/transport-node'
import { HealthService } from '../../internal/gen/health/v1/health_pb.ts'
import { systemCall } from '../../internal/platform/call.ts'
import { newId } from '../../internal/platform/new-id.ts'
import { remote } from '../../internal/platform/rpc.ts'
import { configOrExit } from '../run-service.ts'

const [service = ''] = process.argv.slice(2)
const { natsUrl } = configOrExit().common
try {
  const connection = await connect({
    servers: natsUrl,
    name: 'tillstream health',
    timeout: 2_000,
    reconnect: false,
  })
  try {
    const nats = { connection, isConnected: () => !connection.isClosed() }
    // Any replica may answer: one that is stuck alone is not found here, one that is broken has ended by itself.
    const { checks } = await remote(nats, service, HealthService).checkReadiness({}, systemCall(newId()))
    const failed = checks.filter(({ ready }) => !ready)
    for (const { name, detail } of failed) process.stderr.write(`${name}: ${detail}\n`)
    process.exitCode = failed.length === 0 ? 0 : 1
  } finally {
    await connection.close()
  }
} catch (err) {
  process.stderr.write(
    `${service || 'which service?'}: ${err instanceof Error ? err.message : String(err)}\n`,
  )
  process.exitCode = 1
}
