import type { JsMsg } from '@nats-io/jetstream'
import { togetherOrAlone, type Ended } from '../../platform/one-by-one.ts'
import { toRefusal } from '../../platform/outage.ts'
import { Refusal } from '../../platform/refusal.ts'
import type { StreamName } from '../../platform/streams.ts'
import type { Ending } from '../domain/delivery.ts'

/** What the consumer listens to, and how it handles the messages. */
export type Subscription = {
  /** The first part of the durable's name, to which the stream incarnation is added. */
  readonly name: string
  readonly stream: StreamName
  readonly subject: string
  /** Returns one ending for each message, in the same order. */
  readonly handle: (messages: readonly JsMsg[]) => Promise<readonly Ending[]>
}

/**
 * Parses the messages of a batch one by one and handles them together. When the batch fails, each message is tried
 * alone, so that one bad message does not hold up the others.
 */
export function batchHandler<Input>(
  parse: (message: JsMsg) => Input,
  handle: (inputs: readonly Input[]) => Promise<readonly (Refusal | undefined)[]>,
): Subscription['handle'] {
  return async (messages) => {
    const parsed = messages.map((message) => attempt(() => parse(message)))
    const good = parsed.flatMap((result) => ('value' in result ? [result.value] : []))
    const ended = await togetherOrAlone(good, handle, isOutage)
    let next = 0
    return parsed.map((result) => ('value' in result ? endingOf(ended[next++]) : refusedBy(result.error)))
  }
}

const isOutage = (err: unknown): boolean => toRefusal(err).kind === 'unavailable'

function endingOf(ended: Ended<Refusal | undefined> | undefined): Ending {
  switch (ended?.kind) {
    case 'answered':
      return ended.answer === undefined ? { kind: 'handled' } : refusedBy(ended.answer)
    case 'failed':
      return refusedBy(ended.err)
    case 'outage':
      return { kind: 'outage', reason: textOf(ended.err) }
    case undefined:
      return { kind: 'failed', reason: 'no ending' }
  }
}

/** A refusal is the message's own fault, unless it says "not now"; what else is thrown is a bug or passes. */
function refusedBy(problem: unknown): Ending {
  if (isOutage(problem)) return { kind: 'outage', reason: textOf(problem) }
  const isRefused = problem instanceof Refusal && problem.kind !== 'internal'
  return isRefused
    ? { kind: 'refused', code: problem.code, reason: problem.message }
    : { kind: 'failed', reason: textOf(problem) }
}

function attempt<Value>(work: () => Value): { readonly value: Value } | { readonly error: unknown } {
  try {
    return { value: work() }
  } catch (error) {
    return { error }
  }
}

const textOf = (err: unknown): string => (err instanceof Error ? err.message : String(err))
