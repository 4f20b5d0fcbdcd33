import type { JsMsg } from '@nats-io/jetstream'
import { Refusal } from '../../platform/refusal.ts'
import type { StreamName } from '../../platform/streams.ts'
import type { Ending } from '../domain/delivery.ts'

/** A row of the table of subscriptions: what is listened to, and what becomes of it. */
export type Subscription = {
  /** The durable consumer's name, before the stream's incarnation. */
  readonly name: string
  readonly stream: StreamName
  readonly subject: string
  /** One ending for each message, in the same order. */
  readonly handle: (messages: readonly JsMsg[]) => Promise<readonly Ending[]>
}

/**
 * Messages of a batch are parsed one by one and handled together. When the batch fails, each is tried alone, so that
 * one bad message does not hold up the others.
 */
export function batchHandler<Input>(
  parse: (message: JsMsg) => Input,
  handle: (inputs: readonly Input[]) => Promise<readonly (Refusal | undefined)[]>,
  isOutage: (err: unknown) => boolean,
): Subscription['handle'] {
  async function handleAll(inputs: readonly Input[]): Promise<readonly Ending[]> {
    try {
      const refusals = await handle(inputs)
      return inputs.map((_, index) => endingOf(refusals[index]))
    } catch (err) {
      if (isOutage(err)) return inputs.map(() => ({ kind: 'outage', reason: textOf(err) }))
      if (inputs.length === 1) return [endingOf(err)]
      return oneByOne(inputs)
    }
  }

  async function oneByOne(inputs: readonly Input[]): Promise<readonly Ending[]> {
    const endings: Ending[] = []
    for (const input of inputs) {
      const last = endings.at(-1)
      // Whoever is away is away for the others too, and each would wait for its timeout.
      if (last?.kind === 'outage') endings.push(last)
      else endings.push(...(await handleAll([input])))
    }
    return endings
  }

  return async (messages) => {
    const parsed = messages.map((message) => attempt(() => parse(message)))
    const good = parsed.flatMap((result) => ('value' in result ? [result.value] : []))
    const endings = good.length > 0 ? await handleAll(good) : []
    let next = 0
    return parsed.map((result) => {
      if (!('value' in result)) return endingOf(result.error)
      return endings[next++] ?? { kind: 'failed', reason: 'no ending' }
    })
  }
}

/** Undefined: it was handled. */
function endingOf(problem: unknown): Ending {
  if (problem === undefined) return { kind: 'handled' }
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
