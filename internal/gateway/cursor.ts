import { createHmac, timingSafeEqual } from 'node:crypto'
import { Refusal } from '../platform/refusal.ts'

/**
 * Cursors tell where a list continues. They are opaque to clients and valid only for the list that they were made for.
 */
export type Cursors = {
  /** Returns null when there is no position, which is so on the last page. */
  readonly write: (list: List, position: Position | undefined) => string | null
  /**
   * Returns undefined without a cursor, for the first page. A cursor of another list is refused with cursor.invalid.
   */
  readonly read: (list: List, cursor: string | undefined) => Position | undefined
}

/** Identifies a list: its route, its filters and its order. */
export type List = readonly (string | number | boolean | undefined)[]

/** The service's own description of the last entry of the previous page. */
export type Position = readonly string[]

const macBytes = 16

export function signedCursors(secret: string): Cursors {
  // Cursors have their own key, so that their signatures are valid nowhere else.
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
      return JSON.parse(Buffer.from(payload, 'base64url').toString()) as Position // the signature proves that `write` made it
    },
  }
}

const invalid = (): Refusal =>
  new Refusal('invalid', 'cursor.invalid', 'this cursor was not given for this list')
