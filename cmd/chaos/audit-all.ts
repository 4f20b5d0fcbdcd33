import { connect } from '@nats-io/transport-node'
import { withManager } from '../../internal/chaos/faults/broker-access.ts'
import type { Field } from '../../internal/chaos/field.ts'
import type { Rule } from '../../internal/chaos/rule.ts'
import type { FaultRun } from '../../internal/chaos/run-faults.ts'
import { waitFor } from '../../internal/chaos/wait.ts'
import { runAudit } from '../../internal/consumer/audit-service.ts'
import { streams } from '../../internal/platform/streams.ts'
import { comeToRest } from './rest.ts'

export type Audited = { readonly audit: readonly Rule[]; readonly deletedByHand: readonly string[] }

const refillMs = 60_000

/**
 * What `npm run audit` says. nats-server 2.9 leaves out a record that was damaged on the disk and tells nobody, so that the audit
 * is the first to notice one in the middle of a stream. Then we do what operators are told to do (docs/reliability.md): delete
 * the stream, which is made anew and filled again. Only where this run has damaged the stream's file: any other hole is a finding.
 */
export async function auditAll(field: Field, runs: readonly FaultRun[]): Promise<Audited> {
  const audit = await readAudit(field)
  const deletedByHand = damagedIn(runs).filter((name) => hasHole(audit, name))
  if (deletedByHand.length === 0) return { audit, deletedByHand }
  await withManager(field.natsUrl, async (manager) => {
    for (const name of deletedByHand) await manager.streams.delete(name)
  })
  for (const name of deletedByHand) await refilled(field, name)
  await comeToRest(field.databaseUrl)
  return { audit: await readAudit(field), deletedByHand }
}

async function readAudit({ databaseUrl, natsUrl }: Field): Promise<readonly Rule[]> {
  const nats = await connect({ servers: natsUrl, name: 'tillstream-chaos audit' })
  try {
    return (await runAudit({ databaseUrl, nats })).invariants
  } finally {
    await nats.close()
  }
}

/** The proof of these faults begins with the stream's name. A full stream of nats-server 2.9 now and then drops its oldest message. */
const damagedIn = (runs: readonly FaultRun[]): readonly string[] =>
  streams
    .map(({ name }) => name)
    .filter((name) =>
      runs.some(
        ({ kind, isExercised, proof }) => harmful.has(kind) && isExercised && proof.startsWith(`${name} `),
      ),
    )

const harmful: ReadonlySet<string> = new Set(['store-bit', 'store-cut', 'stream-full'])

const hasHole = (audit: readonly Rule[], stream: string): boolean =>
  audit.some(
    ({ name, offenders }) =>
      name === 'events-in-streams' && offenders.some((offender) => offender.includes(`is not in ${stream}`)),
  )

/** Begun, at least. When it never is, the second audit says so. */
async function refilled(field: Field, stream: string): Promise<void> {
  await waitFor(`${stream} is filled again`, refillMs, () =>
    withManager(field.natsUrl, async (manager) => (await manager.streams.info(stream)).state.last_seq > 0),
  ).catch(() => undefined)
}
