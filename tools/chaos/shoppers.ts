import { setTimeout as sleep } from 'node:timers/promises'
import { reasonWith } from './end-state.ts'
import type { History, Item, Operation } from './history.ts'
import type { Random } from '../shared/random.ts'
import { toldOrder, type Reply, type ShopHttp } from './shop-http.ts'

export type Person = { readonly id: string; readonly token: string }

export type ShoppersOptions = {
  readonly http: ShopHttp
  readonly history: History
  readonly random: Random
  readonly customers: readonly Person[]
  readonly admin: Person
  readonly shelves: Shelves
}

/** The products, grouped by how many units there are. */
export type Shelves = {
  readonly plenty: readonly string[]
  readonly scarce: readonly string[]
  readonly flash: string
}

export type Shoppers = {
  /** Lets a buyer arrive. The call does not wait for what the buyer does. */
  readonly arrive: () => void
  /** Lets a buyer of the flash sale arrive. */
  readonly rush: () => void
  /** Lets the admin book a delivery or a loss. */
  readonly adjust: () => void
  readonly underWay: () => number
  /** From now on nobody tries again after the present attempt. */
  readonly giveUp: () => void
  readonly counts: () => Readonly<Record<string, number>>
}

/**
 * The share of clients that give up without an answer, so that the verdict has to find out what became of some
 * operations.
 */
const shareOfImpatient = 0.05
const shareOfLookers = 0.2
const shareOfCancelers = 0.3
const mostUnderWay = 1_500
const firstPauseMs = 100
const longestPauseMs = 1_000

export function openShoppers(options: ShoppersOptions): Shoppers {
  const { http, random, customers, admin, shelves } = options
  const patience = { isOver: false }
  const { insist, counts } = insister(options, patience)
  let underWay = 0
  let lastKey = 0
  const newKey = (name: string): string => `${name}-${++lastKey}`

  async function buy(items: readonly Item[]): Promise<void> {
    const [{ id: user, token }, key] = [random.pick(customers), newKey('order')]
    const send = () => http.send({ method: 'POST', path: '/orders', token, key, body: { items } })
    const placed = await insist(key, { name: 'place', user, items }, send)
    const order = placed && toldOrder(placed).order?.id
    if (order === undefined) return
    if (random.next() < 0.02) await insist(key, { name: 'place', user, items }, send) // the same request once more must have the same result
    if (random.next() < shareOfLookers) await look(order, token)
  }

  async function look(order: string, token: string): Promise<void> {
    await sleep(random.integer(0, 1_500))
    const ask = () => http.send({ method: 'GET', path: `/orders/${order}`, token })
    await insist(newKey('look'), { name: 'look', order }, ask)
    if (random.next() > shareOfCancelers) return
    const body = { reason: 'changed my mind' }
    const send = () => http.send({ method: 'POST', path: `/orders/${order}/cancel`, token, body })
    await insist(newKey('cancel'), { name: 'cancel', order }, send)
    await insist(newKey('look'), { name: 'look', order }, ask)
  }

  async function book(product: string, quantity: number): Promise<void> {
    const key = newKey('adjustment')
    const body = { quantity, reason: reasonWith(key) }
    const path = `/products/${product}/stock`
    const send = () => http.send({ method: 'POST', path, token: admin.token, key, body })
    await insist(key, { name: 'adjust', product, quantity }, send)
  }

  const begin = (work: Promise<void>): void => {
    underWay++
    void work.finally(() => underWay--)
  }
  return {
    arrive() {
      if (underWay < mostUnderWay) begin(buy(basketOf(random, shelves)))
    },
    rush: () => begin(buy([{ productId: shelves.flash, quantity: 1 }])),
    adjust() {
      const quantity = random.next() < 0.8 ? random.integer(5, 20) : -random.integer(1, 5)
      begin(book(random.pick([...shelves.scarce, ...shelves.plenty]), quantity))
    },
    underWay: () => underWay,
    giveUp: () => (patience.isOver = true),
    counts: () => counts,
  }
}

/** Makes the function by which clients send requests and record them in the history. */
function insister({ history, random }: ShoppersOptions, patience: { readonly isOver: boolean }) {
  const counts: Record<string, number> = {}

  /** Repeats a request until it gets an answer. 503, 429, 500 and silence do not count as answers. */
  async function insist(
    key: string,
    operation: Operation,
    send: () => Promise<Reply>,
  ): Promise<Reply | undefined> {
    const isImpatient = random.next() < shareOfImpatient
    for (let attempt = 1; ; attempt++) {
      history.write({ t: 'asked', key, attempt, at: Date.now(), operation })
      const reply = await send()
      const { status, code } = reply
      history.write({
        t: 'told',
        key,
        attempt,
        at: Date.now(),
        status,
        code,
        ...toldOrderOf(operation, reply),
      })
      const name = `${operation.name} ${status === 0 ? code : status}`
      counts[name] = (counts[name] ?? 0) + 1
      if (isAnswer(reply)) return reply
      if (patience.isOver || (isImpatient && code !== 'ECONNREFUSED')) return undefined
      await sleep(Math.min(firstPauseMs * 2 ** (attempt - 1), longestPauseMs) * (0.5 + random.next()))
    }
  }
  return { insist, counts }
}

/** One to three lines, sometimes with a scarce product. */
function basketOf(random: Random, { plenty, scarce }: Shelves): readonly Item[] {
  const products = new Set([random.pick(random.next() < 0.25 ? scarce : plenty)])
  if (random.next() < 0.3) products.add(random.pick(plenty))
  if (random.next() < 0.1) products.add(random.pick([...plenty, ...scarce]))
  return [...products].map((productId) => ({ productId, quantity: random.integer(1, 3) }))
}

const isAnswer = ({ status }: Reply): boolean => status !== 0 && status !== 429 && status < 500

const toldOrderOf = (operation: Operation, reply: Reply) =>
  operation.name === 'adjust' ? {} : toldOrder(reply)
