import type { Between, ReadResult, TouchedResult, Unknown } from '../../application/provider.ts'
import type { MollieHttp } from './mollie-http.ts'
import type { MollieChargeback, MolliePayment, MollieRefund } from './mollie-snapshot.ts'
import { unknown } from './outcome.ts'

const pageSize = 250
const mostPages = 40
const clockSkewMs = 60_000

type Page<Item> = { readonly items: readonly Item[]; readonly next: string | undefined }

type List = {
  readonly _embedded?: Readonly<Record<string, readonly unknown[]>>
  readonly _links?: { readonly next?: { readonly href: string } | null }
}

/** A page, newest first. Only the parameter of the next page's address is used, never the address itself. */
async function pageOf<Item>(http: MollieHttp, name: string, from: string): Promise<Page<Item> | Unknown> {
  const start = from === '' ? '' : `&from=${encodeURIComponent(from)}`
  const answer = await http({ method: 'GET', path: `${name}?limit=${pageSize}${start}` })
  if (answer.kind === 'unknown') return answer
  if (answer.kind === 'declined') return unknown(answer.message, 'did-nothing')
  const { _embedded: parts = {}, _links: links = {} } = answer.body as List // both have defaults
  const href = links.next?.href
  const next = href === undefined ? undefined : (new URL(href).searchParams.get('from') ?? undefined)
  return { items: (parts[name] ?? []) as readonly Item[], next }
}

/** Mollie cannot search, and its list has no filter of time, so it is read from the newest back. */
export async function findInList(
  http: MollieHttp,
  ourId: string,
  { from }: Between,
): Promise<{ readonly kind: 'ref'; readonly ref: string } | ReadResult> {
  let start = ''
  for (let count = 0; count < mostPages; count++) {
    const page = await pageOf<MolliePayment>(http, 'payments', start)
    if ('kind' in page) return page
    const found = page.items.find(({ metadata }) => metadata?.payment_id === ourId)
    if (found) return { kind: 'ref', ref: found.id }
    const oldest = page.items.at(-1)
    const isBefore = oldest !== undefined && Date.parse(oldest.createdAt) < from.getTime() - clockSkewMs
    if (page.next === undefined || isBefore) return { kind: 'absent' }
    start = page.next
  }
  return unknown('too many payments to look through', 'did-nothing')
}

const kinds = ['payments', 'refunds', 'chargebacks'] as const

type Touched = (MolliePayment | MollieRefund | MollieChargeback) & { readonly createdAt: string }

/** One page of what was made in this time: payments first, then refunds, then chargebacks. */
export async function touchedPage(
  http: MollieHttp,
  { from, to }: Between,
  cursor = 'payments ',
): Promise<TouchedResult> {
  const [kind = '', start = ''] = cursor.split(' ')
  const page = await pageOf<Touched>(http, kind, start)
  if ('kind' in page) return page
  const isWithin = ({ createdAt }: Touched): boolean => {
    const at = Date.parse(createdAt)
    return at >= from.getTime() && at <= to.getTime()
  }
  const oldest = page.items.at(-1)
  const isBefore = oldest !== undefined && Date.parse(oldest.createdAt) < from.getTime()
  const following = kinds[kinds.findIndex((one) => one === kind) + 1]
  const next = page.next !== undefined && !isBefore ? `${kind} ${page.next}` : following && `${following} `
  const refs = page.items.filter(isWithin).map((item) => ('paymentId' in item ? item.paymentId : item.id))
  return { kind: 'page', refs: [...new Set(refs)], next }
}
