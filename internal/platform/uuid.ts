import { Refusal } from './refusal.ts'

const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/

export const isUuid = (text: string): boolean => uuid.test(text)

/** Returns the UUID in lower case. Refuses everything else with `code`. */
export function parseUuid(value: unknown, code: string, what: string): string {
  const text = typeof value === 'string' ? value.toLowerCase() : ''
  if (!uuid.test(text)) throw new Refusal('invalid', code, `${what} must be a UUID`)
  return text
}

/** When the id was made. Our ids are UUIDv7, which begin with their time; others have none. */
export const timeOfUuid = (id: string): Date | undefined =>
  id[14] === '7' ? new Date(Number.parseInt(id.replace('-', '').slice(0, 12), 16)) : undefined

/** The lowest id that could have been made at `at`. Our ids are UUIDv7, which begin with the time. */
export function lowestUuidAt(at: Date): string {
  const hex = Math.max(0, at.getTime()).toString(16).padStart(12, '0')
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-7000-8000-000000000000`
}
