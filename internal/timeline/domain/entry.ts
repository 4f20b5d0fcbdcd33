/** What is told beside the name: ids, statuses, amounts in minor units, and the words of whoever did it. */
export type Detail = Readonly<Record<string, string>>

/** Who has stored it. */
export type Source =
  'order' | 'inventory' | 'payment' | 'provider' | 'broker' | 'delivery' | 'message' | 'staff'

/** The request that brought it about. */
export type Trace = { readonly requestId: string; readonly traceparent: string }

/** One thing that is stored about an order. */
export type Entry = {
  readonly at: Date
  readonly source: Source
  /** The name of its event where there is one, such as order.confirmed. */
  readonly what: string
  /** The id of the order, shipment, payment or whatever it is about. */
  readonly about: string
  readonly detail: Detail
  readonly trace: Trace | undefined
}

/** Something that the order waits for now. */
export type Wait = {
  readonly what: string
  readonly since: Date
  /** When it ends by itself. */
  readonly until: Date | undefined
  readonly about: string
  readonly detail: Detail
}

/** What one service knows of an order. */
export type Part = { readonly entries: readonly Entry[]; readonly waits: readonly Wait[] }

type Rest<Kind extends { readonly detail: Detail }> = Partial<
  Pick<Kind, Exclude<keyof Kind, 'detail'>> & {
    readonly detail: Readonly<Record<string, string | number | null | undefined>>
  }
>

/** Empty details are left out. */
export const entry = (
  at: Date,
  source: Source,
  what: string,
  about: string,
  { detail = {}, trace }: Rest<Entry> = {},
): Entry => ({ at, source, what, about, detail: present(detail), trace })

export const wait = (
  what: string,
  since: Date,
  about: string,
  { detail = {}, until }: Rest<Wait> = {},
): Wait => ({ what, since, until, about, detail: present(detail) })

const present = (detail: Readonly<Record<string, string | number | null | undefined>>): Detail =>
  Object.fromEntries(
    Object.entries(detail).flatMap(([name, value]) =>
      value === undefined || value === null || value === '' ? [] : [[name, String(value)]],
    ),
  )
