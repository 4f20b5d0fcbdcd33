import type { Inbox } from './inbox.ts'
import { observePayment, type Observed } from './observe-payment.ts'
import { runOperation, type WorkerDeps } from './run-operation.ts'
import { settle } from '../domain/settle.ts'
import { delayMs } from '../domain/operation.ts'
import type { DueComparison, DueMessage, Work } from './work.ts'

export type WorkOffDeps = WorkerDeps & {
  readonly work: Work
  readonly inbox: Inbox
  readonly providers: readonly string[]
  readonly givenUpAfterMs: number
  /** Pieces that are worked on at the same time. */
  readonly atOnce: number
  /** Called when there may be more than that, so that another worker takes it and need not wait for these. */
  readonly onMore?: () => void
  readonly report: (what: string, details: Readonly<Record<string, unknown>>) => void
}

/** A message that could not be handled so often is left to staff. With the growing delay that is most of a day. */
export const maxTriesOfMessage = 100
/** The provider's pages that are compared without a pause. */
const pagePauseMs = 1_000

/** Does what is due now, once. Returns how much was done. A piece that fails is reported and comes again. */
export function workOff(deps: WorkOffDeps): () => Promise<number> {
  const { work, now, atOnce, report } = deps
  const run = runOperation(deps)
  const observe = observePayment(deps)
  const rulesOf = (name: string) => ({
    keyLifetimeMs: deps.providerOf(name)?.keyLifetimeMs ?? 0,
    givenUpAfterMs: deps.givenUpAfterMs,
  })
  return async () => {
    const pieces = [
      ...(await work.takeOperations(now(), atOnce, rulesOf)).map((due) => () => run(due)),
      ...(await work.takeMessages(now(), atOnce)).map((due) => () => handleMessage(deps, observe, due)),
      ...(await work.takeReadings(now(), atOnce)).map((due) => () => observe(due.provider, due.ref)),
      ...(await work.lateOrders(now(), atOnce)).map((orderId) => () => settleLate(deps, orderId)),
    ]
    const comparison = await work.takeComparison(now(), deps.providers)
    if (comparison) pieces.push(() => compare(deps, observe, comparison))
    if (pieces.length >= atOnce) deps.onMore?.()
    const ended = await Promise.allSettled(pieces.map((piece) => piece()))
    for (const each of ended)
      if (each.status === 'rejected')
        report('a piece of work failed; it comes again', { err: each.reason as unknown })
    return ended.filter(({ status }) => status === 'fulfilled').length
  }
}

type Observe = (provider: string, ref: string) => Promise<Observed>

async function handleMessage(deps: WorkOffDeps, observe: Observe, message: DueMessage): Promise<void> {
  const { work, now, report } = deps
  const observed = await observe(message.provider, message.resource)
  deps.failpoint('inbox-effect')
  if (observed.kind === 'unknown') {
    const isDead = message.tries >= maxTriesOfMessage
    if (isDead)
      report('a message of a provider could not be handled', { id: message.id, reason: observed.reason })
    const nextAt = new Date(now().getTime() + delayMs(message.tries))
    await work.putOffMessage(message, { nextAt, error: observed.reason, isDead })
    return
  }
  if (observed.kind === 'foreign') await suspend(deps, message.provider, observed)
  if (observed.kind === 'recorded' && observed.isMismatched)
    report('money of another currency has come', { provider: message.provider, ref: message.resource })
  await work.endMessage(message, observed.kind === 'foreign' ? 'ignored' : 'done', now())
}

/** Money that belongs to no payment of ours is kept in sight until staff know whose it is. */
async function suspend(
  { inbox, now, report }: WorkOffDeps,
  provider: string,
  { snapshot }: Extract<Observed, { kind: 'foreign' }>,
): Promise<void> {
  const captured = (snapshot?.captures ?? []).filter(({ status }) => status === 'succeeded')
  const amountMinor = captured.reduce((sum, { cumulativeMinor }) => sum + cumulativeMinor, 0n)
  if (!snapshot || amountMinor === 0n) return
  const { ref, currency } = snapshot
  if (await inbox.suspend({ provider, ref, amountMinor, currency }, now()))
    report('money at a provider belongs to no payment of ours', { provider, ref })
}

async function settleLate(
  { accounts, now, newId, newTrace }: WorkOffDeps,
  orderId: Parameters<typeof accounts.find>[0],
) {
  const at = now()
  await accounts.update(
    orderId,
    (before) => {
      if (!before) throw new Error(`order ${orderId} has lost its gate`)
      return { account: settle(before, at, newId), result: undefined }
    },
    { trace: newTrace(), at },
  )
}

/** One page of what the provider has touched; the next one follows soon, and the next day after the last. */
async function compare(deps: WorkOffDeps, observe: Observe, comparison: DueComparison): Promise<void> {
  const { provider, from, to, cursor } = comparison
  const touched = await deps.providerOf(provider)?.touched({ from, to }, cursor)
  if (!touched || touched.kind === 'unknown') return // its lease ends, and it is tried again
  for (const ref of touched.refs) {
    const observed = await observe(provider, ref)
    if (observed.kind === 'unknown') return
    if (observed.kind === 'foreign') await suspend(deps, provider, observed)
  }
  const at = touched.next === undefined ? deps.now() : new Date(deps.now().getTime() + pagePauseMs)
  await deps.work.moveComparison(comparison, { cursor: touched.next, at })
}
