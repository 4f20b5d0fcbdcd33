import type { FaultKind } from './fault-kinds.ts'
import { withManager } from './faults/broker-access.ts'
import type { Field } from './field.ts'
import type { Rule } from './rule.ts'
import type { FaultRun } from './run-faults.ts'
import { waitFor } from './wait.ts'
import { auditShop } from '../shared/audit.ts'
import { streams } from '../../internal/platform/streams.ts'
import { comeToRest } from './rest.ts'

export type Audited = { readonly audit: readonly Rule[]; readonly deletedByHand: readonly string[] }

/** Enough for two scrubs of all streams with the interval that open-field.ts sets. */
const scrubbedWithinMs = 60_000
const refillMs = 60_000

/**
 * Runs the audit. If this run has damaged the file of a stream, the producer first gets time to notice it. A full
 * stream of nats-server 2.9 sometimes drops its oldest message, which looks as if it had expired. Then we do what
 * operators are told to do (docs/reliability.md): we delete the stream, which is created again and filled again. Any
 * other hole is a violation.
 */
export async function auditAll(field: Field, runs: readonly FaultRun[]): Promise<Audited> {
  let audit = await auditShop(field)
  const damaged = struckBy(runs, ['store-bit', 'store-cut'])
  const holed = () => damaged.filter((name) => hasHole(audit, name))
  if (holed().length > 0) {
    await waitFor(
      'the producer notices',
      scrubbedWithinMs,
      async () => {
        audit = await auditShop(field)
        return holed().length === 0
      },
      1_000,
    ).catch(() => undefined) // the last audit will report it
    await comeToRest(field.databaseUrl)
    audit = await auditShop(field)
  }
  const deletedByHand = struckBy(runs, ['stream-full']).filter((name) => hasHole(audit, name))
  if (deletedByHand.length === 0) return { audit, deletedByHand }
  await withManager(field.natsUrl, async (manager) => {
    for (const name of deletedByHand) await manager.streams.delete(name)
  })
  for (const name of deletedByHand) await refilled(field, name)
  await comeToRest(field.databaseUrl)
  return { audit: await auditShop(field), deletedByHand }
}

/** The streams that these faults struck. The proof of such a fault begins with the stream's name. */
const struckBy = (runs: readonly FaultRun[], kinds: readonly FaultKind[]): readonly string[] =>
  streams
    .map(({ name }) => name)
    .filter((name) =>
      runs.some(
        ({ kind, isExercised, proof }) => kinds.includes(kind) && isExercised && proof.startsWith(`${name} `),
      ),
    )

const hasHole = (audit: readonly Rule[], stream: string): boolean =>
  audit.some(
    ({ name, offenders }) =>
      name === 'events-in-streams' && offenders.some((offender) => offender.includes(`is not in ${stream}`)),
  )

/** Waits until the stream is being filled again. If that never begins, the second audit reports it. */
async function refilled(field: Field, stream: string): Promise<void> {
  await waitFor(`${stream} is filled again`, refillMs, () =>
    withManager(field.natsUrl, async (manager) => (await manager.streams.info(stream)).state.last_seq > 0),
  ).catch(() => undefined)
}
