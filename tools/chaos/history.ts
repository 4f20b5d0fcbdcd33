import { createWriteStream } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { finished } from 'node:stream/promises'

/** The requests of clients and their answers, one line for each, in the order in which they happened to them. */
export type Entry = Product | Promotion | Asked | Told

/** A product that was put on sale before the first fault. */
export type Product = { readonly t: 'product'; readonly id: string; readonly stock: number }

/** A promotion that was made before the first fault; absent limits do not bind. */
export type Promotion = {
  readonly t: 'promotion'
  readonly id: string
  readonly limit?: number
  readonly limitPerCustomer?: number
}

export type Item = { readonly productId: string; readonly quantity: number }

export type Operation =
  | { readonly name: 'place'; readonly user: string; readonly items: readonly Item[] }
  /** Without `refund` all that was paid goes back. */
  | { readonly name: 'cancel'; readonly order: string; readonly refund?: 'none' }
  | { readonly name: 'look'; readonly order: string }
  | { readonly name: 'adjust'; readonly product: string; readonly quantity: number }
  | { readonly name: 'pay'; readonly order: string; readonly method: string; readonly token: string }
  /** Of an amount in units of the currency, as in the REST API. */
  | { readonly name: 'refund'; readonly order: string; readonly payment: string; readonly amount: number }
  /** Staff have found the money at the bank. */
  | { readonly name: 'record'; readonly order: string; readonly reference: string }
  /** Staff pack and ship an order, of which some units were not found. */
  | { readonly name: 'ship'; readonly order: string }
  | {
      readonly name: 'checkout'
      readonly cart: string
      readonly version: number
      /** Undefined for a guest. */
      readonly user?: string
      readonly items: readonly Item[]
      /** In units of the currency, as the buyer has seen it. */
      readonly total: number
    }
  /** The cart is taken back from a checkout. */
  | { readonly name: 'reopen'; readonly cart: string; readonly order: string }
  /** A guest logs in, and so the guest's cart becomes the user's. */
  | { readonly name: 'merge'; readonly cart: string; readonly user: string }

export type Asked = {
  readonly t: 'asked'
  /**
   * The key of the operation, the same for all of its attempts. For orders and adjustments it is the Idempotency-Key
   * too.
   */
  readonly key: string
  readonly attempt: number
  /** Milliseconds since 1970. */
  readonly at: number
  readonly operation: Operation
}

export type ToldOrder = {
  readonly id: string
  readonly status: string
  readonly items: readonly Item[]
  readonly total: number
}

export type ToldPayment = { readonly id: string; readonly orderId: string; readonly amount: number }

export type ToldRefund = { readonly id: string; readonly paymentId: string; readonly amount: number }

export type Told = {
  readonly t: 'told'
  readonly key: string
  readonly attempt: number
  readonly at: number
  /** The HTTP status; 0 when there was no answer. */
  readonly status: number
  /** The code of the problem, or of the connection's error. */
  readonly code: string
  readonly order?: ToldOrder
  readonly payment?: ToldPayment
  readonly refund?: ToldRefund
  /** Of a cart that was taken back: whether it can be changed again. */
  readonly isReopened?: boolean
}

export type History = {
  readonly write: (entry: Entry) => void
  readonly close: () => Promise<void>
}

export function openHistory(file: string): History {
  const stream = createWriteStream(file)
  return {
    write: (entry) => void stream.write(`${JSON.stringify(entry)}\n`),
    async close() {
      stream.end()
      await finished(stream)
    },
  }
}

export async function readHistory(file: string): Promise<readonly Entry[]> {
  const lines = (await readFile(file, 'utf8')).split('\n')
  return lines.filter((line) => line !== '').map((line) => JSON.parse(line) as Entry) // only this module writes the file
}
