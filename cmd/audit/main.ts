import { parseArgs } from 'node:util'
import { connect, type NatsConnection } from '@nats-io/transport-node'
import { ConfigError, loadConfig } from '../../internal/config/config.ts'
import { readStackFile } from '../../internal/config/stack-file.ts'
import { natsAccessOf } from '../../internal/platform/common-settings.ts'
import { natsOptions, type NatsAccess } from '../../internal/platform/nats-access.ts'
import type { ImageStoreValues } from '../../internal/platform/files/image-settings.ts'
import { indexServerOf } from '../../internal/platform/search-settings.ts'
import { openImageStore } from '../../internal/platform/files/open-image-store.ts'
import { runAudit } from '../../internal/audit/audit-service.ts'
import { aggregates } from '../../internal/services.ts'
import { areKnown, withThoseOf } from '../known-databases.ts'
import { auditTable } from './table.ts'

const usage = `usage: npm run audit [-- --json]

Checks the invariants over everything that is stored: in the database of DATABASE_URL (or in those of ORDER_DATABASE_URL
and the like, for services with a database of their own) and in the streams of NATS_URL. Without these settings it checks
the stack that \`npm start\` runs. Invariants that compare data of different databases are reported as not judged.
Exit code 1: an invariant is violated.`

/** Nothing could be audited. The message gives the reason. */
class AuditFailure extends Error {}

try {
  const { json, help } = parseUsage()
  if (help) process.stdout.write(`${usage}\n`)
  else process.exitCode = await audit(json)
} catch (err) {
  if (!(err instanceof AuditFailure || err instanceof ConfigError)) throw err
  process.stderr.write(`${err.message}\n`)
  process.exitCode = 2
}

function parseUsage(): { readonly json: boolean; readonly help: boolean } {
  try {
    const options = { json: { type: 'boolean' }, help: { type: 'boolean', short: 'h' } } as const
    const { json = false, help = false } = parseArgs({ options }).values
    return { json, help }
  } catch (err) {
    throw new AuditFailure(`${(err as Error).message}\n${usage}`) // parseArgs throws only errors
  }
}

async function audit(asJson: boolean): Promise<0 | 1> {
  const { databases, broker, images, indexServer } = await findServers()
  const nats = broker.url === '' ? undefined : await connectNats(broker)
  try {
    const startedAt = performance.now()
    const { invariants } = await runAudit({
      ...{ databases, aggregates, nats, indexServer },
      imageFiles: await openImageStore(images),
    }).catch((err: unknown) => {
      throw new AuditFailure(`The audit could not be done: ${reasonOf(err)}`)
    })
    const seconds = (performance.now() - startedAt) / 1_000
    process.stdout.write(
      asJson ? `${JSON.stringify({ invariants }, undefined, 2)}\n` : auditTable(invariants, seconds),
    )
    return invariants.some(({ violations }) => violations > 0) ? 1 : 0
  } finally {
    await nats?.close()
  }
}

type Servers = {
  readonly databases: Readonly<Record<string, string>>
  readonly broker: NatsAccess
  readonly images: ImageStoreValues
  readonly indexServer: ReturnType<typeof indexServerOf>
}

/** Settings of the environment come first. The running stack provides the rest. */
async function findServers(): Promise<Servers> {
  const { databases, common, local, services } = loadConfig()
  // The consumer declares them.
  const images = services.consumer as unknown as ImageStoreValues
  const indexServer = indexServerOf(services.consumer as unknown as Parameters<typeof indexServerOf>[0])
  const broker = natsAccessOf(common)
  const { dataDir } = local
  if (areKnown(databases)) return { databases, broker, images, indexServer }
  const stack = await readStackFile(dataDir)
  if (!stack)
    throw new AuditFailure(`No stack runs on ${dataDir}: start it with \`npm start\`, or set DATABASE_URL.`)
  return {
    databases: withThoseOf(stack, databases),
    broker: broker.url ? broker : { url: stack.natsUrl },
    // A stack of the version before tells none.
    images: { ...images, imagesDir: images.imagesDir || (stack.imagesDir ?? '') },
    indexServer,
  }
}

async function connectNats(broker: NatsAccess): Promise<NatsConnection> {
  try {
    return await connect({
      ...natsOptions(broker),
      name: 'tillstream audit',
      timeout: 5_000,
      reconnect: false,
    })
  } catch (err) {
    throw new AuditFailure(`NATS cannot be reached: ${reasonOf(err)}`)
  }
}

/** An AggregateError (every address refused) has no message of its own. */
function reasonOf(err: unknown): string {
  const { message = '', code = '' } = err as { message?: string; code?: string }
  return message || code || String(err)
}
