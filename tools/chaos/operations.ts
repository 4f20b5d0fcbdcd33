import type { Asked, Entry, Operation, Told } from './history.ts'

/** An operation with all of its attempts. */
export type Attempts = {
  readonly key: string
  readonly operation: Operation
  readonly told: readonly Told[]
  /** True when every attempt got a definite answer, so that an operation that was not confirmed was not executed. */
  readonly isDefinite: boolean
}

/**
 * True without an answer, or with one that does not tell whether it was executed. A refused connection has sent
 * nothing.
 */
const isIndefinite = ({ status, code }: Told): boolean =>
  status === 0 ? code !== 'ECONNREFUSED' : status >= 500

export function operationsOf(entries: readonly Entry[]): readonly Attempts[] {
  const asked = new Map<string, { readonly first: Asked; attempts: number; readonly told: Told[] }>()
  for (const entry of entries) {
    if (entry.t === 'asked') {
      const known = asked.get(entry.key)
      if (known) known.attempts++
      else asked.set(entry.key, { first: entry, attempts: 1, told: [] })
    }
    if (entry.t === 'told') asked.get(entry.key)?.told.push(entry)
  }
  return [...asked].map(([key, { first, attempts, told }]) => ({
    key,
    operation: first.operation,
    told,
    isDefinite: told.length === attempts && !told.some(isIndefinite),
  }))
}

export const succeeded = ({ told }: Attempts): readonly Told[] =>
  told.filter(({ status }) => status === 200 || status === 201)

export const wasRefused = ({ told }: Attempts): boolean =>
  told.some(({ status, code }) => (status >= 400 && status < 500) || code === 'ECONNREFUSED')
