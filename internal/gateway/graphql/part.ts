import type { Call } from '../../platform/call.ts'
import type { SdlOf } from './sdl-of.ts'

/** Asks an endpoint of REST on behalf of the caller: who may ask it, what it takes and what it answers are its own. */
export type Ask = (operation: string, input?: AskInput) => Promise<unknown>

export type AskInput = {
  readonly params?: Readonly<Record<string, unknown>>
  /** With the names that the arguments have here. What is null is left out. */
  readonly query?: Readonly<Record<string, unknown>>
}

/** A field of Query. */
export type Query = {
  /** The operations that it asks. Where the answers of all of them are the same for everybody, so is the field's. */
  readonly asks: readonly string[]
  // The arguments have been validated by the schema, so each field may say which ones it has.
  readonly resolve: (args: never, ask: Ask) => Promise<unknown>
}

/** A field of a type that shows something else. All of an answer are read together. */
export type Link = {
  /** The operation that would show it one by one: whoever may ask that sees the field. */
  readonly like: string
  /** What is shown where the look-up has found nothing. */
  readonly none: unknown
  /** Undefined: there is nothing to look up. */
  readonly keyOf: (source: never) => string | undefined
  /** What the field shows of what was found; without it, all of it. Links with the same `read` look up together. */
  readonly show?: (found: never) => unknown
  /** Gets each key once, and at most `limits.graphql.keysPerQuestion` of them. */
  readonly read: (keys: readonly string[], call: Call) => Promise<ReadonlyMap<string, unknown>>
}

/** What one subject adds to the schema. */
export type Part = {
  readonly sdl: (sdl: SdlOf) => string
  readonly queries: Readonly<Record<string, Query>>
  /** By type and field, such as `Order.payments`. */
  readonly links?: Readonly<Record<string, Link>>
}
