import type { DescFile, DescMessage } from '@bufbuild/protobuf'
import type { ReactionService } from '../gen/reaction/v1/reaction_pb.ts'
import { requireSystem, type Trace } from './call.ts'
import { eventType, eventTypesOf, type EventType } from './event.ts'
import { Refusal } from './refusal.ts'
import type { Handlers } from './service.ts'

/**
 * What a service does when it hears of an event. The service's definition declares it; the consumer delivers the
 * events.
 */
export type Reaction = {
  /** The name is part of the durable's name, so a reaction that is renamed gets all events of the stream again. */
  readonly name: string
  /** The subject of one event, or those of a family (`payment.>`). */
  readonly subject: string
  /** The events that it handles. */
  readonly to: readonly EventType[]
}

export function reaction(name: string, message: DescMessage): Reaction {
  const to = eventType(message)
  return { name, subject: to.subject, to: [to] }
}

/** A reaction to all events of a family; they come in the order in which the stream has them. */
export const reactionToAll = (name: string, file: DescFile, family: string): Reaction => ({
  ...{ name, subject: `${family}.>` },
  to: eventTypesOf(file).filter(({ subject }) => subject.startsWith(`${family}.`)),
})

/** An event as the consumer delivers it. Its data are unchecked: whoever can publish may have written them. */
export type Delivered = {
  readonly type: string
  readonly data: Readonly<Record<string, unknown>>
  /** The trace for what the reaction does, with this event as its cause. */
  readonly trace: Trace
}

/**
 * Events of one reaction, handled together: for each, in the same order, undefined or the refusal that makes it a dead letter.
 * An event whose refusal is `unavailable` comes again, however often, and the others do not wait for it. Idempotent. What is thrown is a fault, and all of them come again.
 */
export type React = (events: readonly Delivered[]) => Promise<readonly (Refusal | undefined)[]>

/** Does what events should have brought about by now but have not. Returns how much was done, by the kind of work. */
export type Sweep = (olderThanSeconds: number) => Promise<Readonly<Record<string, number>>>

/**
 * Parses events one by one and handles those together that can be parsed. A refusal of `parse` concerns only its
 * event.
 */
export const reactTo = <Input>(
  type: EventType,
  parse: (event: Delivered) => Input,
  handle: (inputs: readonly Input[]) => Promise<readonly (Refusal | undefined)[]>,
): React => reactToAny((event) => parse(ofType(event, type)), handle)

/** The same for a reaction to a family, of which the consumer delivers nothing else. */
export function reactToAny<Input>(
  parse: (event: Delivered) => Input,
  handle: (inputs: readonly Input[]) => Promise<readonly (Refusal | undefined)[]>,
): React {
  return async (events) => {
    const parsed = events.map((event) => attempt(() => parse(event)))
    const inputs = parsed.flatMap((result) => ('input' in result ? [result.input] : []))
    const answers = inputs.length > 0 ? await handle(inputs) : []
    let next = 0
    return parsed.map((result) => ('input' in result ? answers[next++] : result.refusal))
  }
}

function ofType(event: Delivered, { type, earlierTypes }: EventType): Delivered {
  if (event.type === type || earlierTypes.includes(event.type)) return event
  throw new Refusal('invalid', 'message.wrong-type', `ce-type must be ${type}`)
}

function attempt<Input>(parse: () => Input): { readonly input: Input } | { readonly refusal: Refusal } {
  try {
    return { input: parse() }
  } catch (err) {
    if (err instanceof Refusal) return { refusal: err }
    throw err
  }
}

/** One after the other, as one. */
export const sweepBoth =
  (first: Sweep, second: Sweep): Sweep =>
  async (olderThanSeconds) => ({ ...(await first(olderThanSeconds)), ...(await second(olderThanSeconds)) })

/** The reactions of one service as the contract that the consumer calls. */
export function reactionRpc(
  reactions: Readonly<Record<string, React>>,
  sweep: Sweep = async () => ({}),
): Handlers<typeof ReactionService> {
  return {
    async react({ reaction: name, events }, call) {
      requireSystem(call)
      const react = reactions[name]
      if (!react) throw new Error(`there is no reaction ${name}`)
      const refusals = await react(
        events.map(({ id, type, data = {}, correlationId, traceparent }) => ({
          type,
          data,
          trace: { correlationId, causationId: id, traceparent },
        })),
      )
      return {
        refused: refusals.flatMap((refusal, index) =>
          refusal
            ? [{ index, code: refusal.code, reason: refusal.message, later: refusal.kind === 'unavailable' }]
            : [],
        ),
      }
    },
    async sweep({ olderThanSeconds }, call) {
      requireSystem(call)
      const counts = await sweep(olderThanSeconds)
      return { swept: Object.entries(counts).map(([what, count]) => ({ what, count })) }
    },
  }
}
