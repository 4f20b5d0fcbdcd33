import { Refusal } from './refusal.ts'

/** A page that a screen can show; larger ones only make one caller wait for another. */
const maxLimit = 100

export function parsePageLimit(limit: number): number {
  if (Number.isInteger(limit) && limit >= 1 && limit <= maxLimit) return limit
  throw new Refusal('invalid', 'request.invalid', `limit must be a whole number from 1 to ${maxLimit}`)
}
