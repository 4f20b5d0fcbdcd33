import { createHmac, timingSafeEqual } from 'node:crypto'
import { Refusal } from '../platform/refusal.ts'

/** Where a list goes on. Opaque to clients, and of use only for the very list that it was made for. */
export type Cursors = {
  /** Null on the last page. */
  readonly write: (list: List, position: Position | undefined) => string | null
  /** Undefined: the first page. Refused with cursor.invalid. */
  readonly read: (list: List, cursor: string | undefined) => Position | undefined
}

/** A route and everything that chooses and sorts what it lists. */
export type List = readonly (string | number | boolean | undefined)[]

/** The last entry of the page before, as its service knows it. */
export type Position = readonly string[]

const macBytes = 16

export function signedCursors(secret: string): Cursors {
  // A key of its own, so that no signature made here is worth anything elsewhere.
  const key = createHmac('sha256', secret).update('tillstream list cursor').digest()
  const mac = (list: List, payload: string): Buffer =>
    createHmac('sha256', key)
      .update(JSON.stringify([list.map((part) => part ?? null), payload]))
      .digest()
      .subarray(0, macBytes)
  return {
    write(list, position) {
      if (!position) return null
      const payload = Buffer.from(JSON.stringify(position)).toString('base64url')
      return `${payload}.${mac(list, payload).toString('base64url')}`
    },
    read(list, cursor) {
      if (cursor === undefined) return undefined
      const [payload = '', signature = '', ...more] = cursor.split('.')
      const given = Buffer.from(signature, 'base64url')
      const isOurs = given.length === macBytes && timingSafeEqual(given, mac(list, payload))
      if (!isOurs || more.length > 0) throw invalid()
      return JSON.parse(Buffer.from(payload, 'base64url').toString()) as Position // as we wrote it
    },
  }
}

const invalid = (): Refusal =>
  new Refusal('invalid', 'cursor.invalid', 'this cursor was not given for this list')
