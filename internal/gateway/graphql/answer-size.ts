import { Refusal } from '../../platform/refusal.ts'

export type Count = (value: unknown) => void

/** What a value takes besides its text: its name, and the work of looking at it. */
const sizeOfValue = 8

/** Counts what an answer shows, and refuses what exceeds the limit before it is written. */
export function countSize(limit: number): Count {
  let size = 0
  return (value) => {
    size += sizeOfValue + (typeof value === 'string' ? value.length : 0)
    if (size > limit) throw tooLarge()
  }
}

const tooLarge = (): Refusal =>
  new Refusal('invalid', 'graphql.answer-too-large', 'the answer would be too large; ask for less at once')
