import { keysInMemory } from '../../platform/idempotency-keys.ts'
import type { DeadLetters } from '../application/ports.ts'
import type { DeadLetter, DeadLetterId } from '../domain/dead-letter.ts'

/** A store of dead letters in memory. It passes the same contract suite as the real one. */
export function inMemoryDeadLetters(): DeadLetters & { readonly all: () => readonly DeadLetter[] } {
  const letters = new Map<DeadLetterId, DeadLetter>()
  const keys = keysInMemory()
  const all = (): readonly DeadLetter[] => [...letters.values()]
  return {
    all,
    async add(letter) {
      const isKnown = all().some(
        ({ subscription, messageKey }) =>
          subscription === letter.subscription && messageKey === letter.messageKey,
      )
      if (!isKnown) letters.set(letter.id, letter)
    },
    find: async (id) => letters.get(id),
    async page({ status, after, limit }) {
      const matching = [...all()]
        .sort((a, b) => (a.id < b.id ? 1 : -1))
        .filter((letter) => !status || letter.status === status)
        .filter(({ id }) => !after || id < after)
      const page = matching.slice(0, limit)
      return { letters: page, next: matching.length > limit ? page.at(-1)?.id : undefined }
    },
    async findByRequest(once) {
      const id = keys.find(once)
      return id === undefined ? undefined : letters.get(id as DeadLetterId)
    },
    async resolve({ id, status, resolution, requeues }, from, once) {
      const letter = letters.get(id)
      if (letter?.status !== from) return false
      keys.claim(once, id)
      letters.set(id, { ...letter, status, resolution, requeues })
      return true
    },
    countOpen: async () => all().filter(({ status }) => status === 'open').length,
  }
}
