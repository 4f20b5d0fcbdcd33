import type { Inbox } from './inbox.ts'
import { observePayment, type Observed } from './observe-payment.ts'
import { runOperation, type WorkerDeps } from './run-operation.ts'
import { hasTaken } from '../domain/account.ts'
import { someAtOnce } from '../../platform/some-at-once.ts'
import { settle } from '../domain/settle.ts'
import { delayMs } from '../domain/operation.ts'
import type { DueComparison, DueMessage, DueOperation, NextDue, Work, WorkKind } from './work.ts'

export type WorkOffDeps = WorkerDeps & {
  readonly work: Work
  readonly inbox: Inbox
  readonly providers: readonly string[]
  readonly givenUpAfterMs: number
  /** Pieces that are worked on at the same time. */
  readonly atOnce: number
  /** Some operations that this process has taken already. */
  readonly handed?: (limit: number, now: Date) => readonly DueOperation[]
  /** How long the next look for work rests after one that has found little, so that it finds more at once. */
  readonly lookEveryMs?: number
  /** Called when there may be more than that, so that another worker takes it and need not wait for these. */
  readonly onMore?: () => void
  readonly report: (what: string, details: Readonly<Record<string, unknown>>) => void
}

/**
 * A message that could not be handled for so long is left to staff. The audit wants each to end within an hour, so the last
 * try has five minutes. The money itself does not wait for staff: what is not final is polled, and the day is compared.
 */
const messageLifeMs = 55 * 60_000
/** The provider's pages that are compared without a pause. */
const pagePauseMs = 1_000
/** Far below the 100 requests a second that Stripe allows. */
const comparedAtOnce = 4

export type WorkedOff = {
  /** How much was done. */
  readonly done: number
  /** When the next piece was due before that; undefined when nothing waited. */
  readonly nextAt: Date | undefined
}

/** Does what is due now, once. A piece that fails is reported and comes again. */
export function workOff(deps: WorkOffDeps): () => Promise<WorkedOff> {
  const { now, atOnce, handed, lookEveryMs = 0, report } = deps
  let nextLookAt = 0
  const run = runOperation(deps)

  async function look(): Promise<Found> {
    const at = now().getTime()
    if (at < nextLookAt) return { pieces: [], nextAt: new Date(nextLookAt) }
    nextLookAt = at + lookEveryMs
    const found = await lookForWork(deps)
    if (found.pieces.length >= atOnce) nextLookAt = 0
    return found
  }

  return async () => {
    const own = handed?.(atOnce, now()).map((each) => () => run(each)) ?? []
    const { pieces, nextAt } = own.length > 0 ? { pieces: own, nextAt: undefined } : await look()
    if (pieces.length >= atOnce) deps.onMore?.()
    const ended = await Promise.allSettled(pieces.map((piece) => piece()))
    for (const each of ended)
      if (each.status === 'rejected')
        report('a piece of work failed; it comes again', { err: each.reason as unknown })
    return { done: ended.filter(({ status }) => status === 'fulfilled').length, nextAt }
  }
}

type Piece = () => Promise<unknown>
type Found = { readonly pieces: readonly Piece[]; readonly nextAt: Date | undefined }

async function lookForWork(deps: WorkOffDeps): Promise<Found> {
  const due = await deps.work.nextDue(deps.now(), deps.providers)
  const times = Object.values(due).map((at) => at.getTime())
  const nextAt = times.length > 0 ? new Date(Math.min(...times)) : undefined
  return { pieces: await takeDue(deps, due), nextAt }
}

/** Each kind is asked for only when some of it is due. */
async function takeDue(deps: WorkOffDeps, due: NextDue): Promise<readonly Piece[]> {
  const { work, now, atOnce, providers } = deps
  const run = runOperation(deps)
  const observe = observePayment(deps)
  const at = now()
  const isDue = (kind: WorkKind): boolean => (due[kind] ?? maxDate) <= at
  const pieces: Piece[] = []
  if (isDue('operation'))
    for (const each of await work.takeOperations(at, atOnce, rulesOf(deps))) pieces.push(() => run(each))
  if (isDue('message'))
    for (const each of byResource(await work.takeMessages(at, atOnce)))
      pieces.push(() => handleMessages(deps, observe, each))
  if (isDue('reading'))
    for (const { provider, ref } of await work.takeReadings(at, atOnce))
      pieces.push(() => observe(provider, ref))
  if (isDue('late'))
    for (const orderId of await work.lateOrders(at, atOnce)) pieces.push(() => settleLate(deps, orderId))
  const comparison = isDue('comparison') ? await work.takeComparison(at, providers) : undefined
  if (comparison) pieces.push(() => compare(deps, observe, comparison))
  return pieces
}

const maxDate = new Date(8.64e15)

const rulesOf =
  ({ providerOf, givenUpAfterMs }: WorkOffDeps) =>
  (name: string) => ({ keyLifetimeMs: providerOf(name)?.keyLifetimeMs ?? 0, givenUpAfterMs })

/** One reading answers all messages about a payment that have come before it. */
function byResource(messages: readonly DueMessage[]): readonly (readonly DueMessage[])[] {
  const groups = new Map<string, DueMessage[]>()
  for (const message of messages) {
    const key = `${message.provider} ${message.resource}`
    groups.set(key, [...(groups.get(key) ?? []), message])
  }
  return [...groups.values()]
}

type Observe = (provider: string, ref: string) => Promise<Observed>

async function handleMessages(
  deps: WorkOffDeps,
  observe: Observe,
  messages: readonly DueMessage[],
): Promise<void> {
  const [first] = messages
  if (!first) return
  const { provider, resource: ref } = first
  if (await areKnown(deps, messages)) {
    await Promise.all(messages.map((message) => deps.work.endMessage(message, 'done', deps.now())))
    return
  }
  const observed = await observe(provider, ref).catch(async (err: unknown) => {
    await Promise.all(messages.map((message) => putOff(deps, message, 'an error of ours, which the log has')))
    throw err
  })
  deps.failpoint('inbox-effect')
  if (observed.kind === 'unknown') {
    await Promise.all(messages.map((message) => putOff(deps, message, observed.reason)))
    return
  }
  if (observed.kind === 'foreign') await suspend(deps, provider, observed)
  if (observed.kind === 'recorded' && observed.isMismatched)
    deps.report('money of another currency has come', { provider, ref })
  const status = observed.kind === 'foreign' ? 'ignored' : 'done'
  await Promise.all(messages.map((message) => deps.work.endMessage(message, status, deps.now())))
}

/** All of them tell what we have heard already, mostly by the answer to our own call. So nobody has to be asked. */
async function areKnown({ accounts }: WorkOffDeps, messages: readonly DueMessage[]): Promise<boolean> {
  const [first] = messages
  if (!first || messages.some(({ captured }) => captured === undefined)) return false
  const ours = await accounts.findRef(first.provider, first.resource)
  const account = ours && (await accounts.recall(ours.orderId))
  const payment = account?.payments.find(({ id }) => id === ours?.paymentId)
  return payment !== undefined && messages.every(({ captured }) => captured && hasTaken(payment, captured))
}

async function putOff(
  { work, now, report }: WorkOffDeps,
  message: DueMessage,
  reason: string,
): Promise<void> {
  const at = now().getTime()
  const diesAt = message.receivedAt.getTime() + messageLifeMs
  const isDead = at >= diesAt
  if (isDead) report('a message of a provider could not be handled', { id: message.id, reason })
  const nextAt = isDead ? at : Math.min(at + delayMs(message.tries), diesAt)
  await work.putOffMessage(message, { nextAt: new Date(nextAt), error: reason, isDead })
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
  const unknown: string[] = []
  await someAtOnce(touched.refs, comparedAtOnce, async (ref) => {
    if (unknown.length > 0) return
    const observed = await observe(provider, ref)
    if (observed.kind === 'unknown') unknown.push(ref)
    if (observed.kind === 'foreign') await suspend(deps, provider, observed)
  })
  if (unknown.length > 0) return // as above
  const at = touched.next === undefined ? deps.now() : new Date(deps.now().getTime() + pagePauseMs)
  await deps.work.moveComparison(comparison, { cursor: touched.next, at })
}
