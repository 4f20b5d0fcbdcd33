import { TextInput } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import type { Product } from 'tillstream-sdk'
import { number } from '../../../shared/formats.ts'
import { ActButton } from '../../parts/act-button.tsx'
import { useAct } from '../../parts/act.ts'
import { Panel } from '../../parts/page.tsx'
import { useStaff } from '../../parts/staff.ts'
import { Time } from '../../parts/time.tsx'
import { api } from '../../session.ts'
import { useTexts } from '../../texts/texts.ts'

type Booking = { readonly quantity: number; readonly reason: string }

export function Stock({ product: { id, stock } }: { readonly product: Product }) {
  const texts = useTexts().products
  const { may } = useStaff()
  return (
    <Panel title={texts.stock} actions={may('stock:write') ? <Book id={id} /> : undefined}>
      <p>
        <b className="figure">{number(stock)}</b> <span className="quiet">{texts.canBeOrdered}</span>
      </p>
      {may('log:read') ? <Bookings id={id} /> : null}
    </Panel>
  )
}

function Book({ id }: { readonly id: string }) {
  const texts = useTexts().products
  const book = useAct({
    run: async (body: Booking, key) =>
      (await api().adjustStock({ path: { id }, body, headers: { 'idempotency-key': key } })).data,
    done: ({ stock }) => texts.nowInStock(number(stock)),
  })
  return (
    <ActButton
      label={texts.book}
      title={texts.book}
      size="xs"
      effect={texts.bookEffect}
      confirm={texts.book}
      act={book}
      toInput={({ quantity, reason }) =>
        quantity === undefined || reason === undefined ? undefined : { quantity: Number(quantity), reason }
      }
    >
      <div className="fields">
        <TextInput
          label={texts.quantity}
          description={texts.quantityHint}
          name="quantity"
          type="number"
          step={1}
          required
          data-autofocus
        />
        <TextInput
          label={texts.reason}
          description={texts.reasonHint}
          name="reason"
          required
          maxLength={500}
        />
      </div>
    </ActButton>
  )
}

const mostLookedAt = 100

/** What people have booked by hand, newest first. What orders move is in their timelines. */
function Bookings({ id }: { readonly id: string }) {
  const texts = useTexts().products
  const { data = [] } = useQuery({
    queryKey: ['product', id, 'bookings'],
    async queryFn({ signal }) {
      const query = { what: 'stock.adjusted', limit: mostLookedAt }
      const { data: entries } = (await api().listActivity({ query, signal })).data
      return entries.filter(({ subjectId }) => subjectId === id)
    },
  })
  if (data.length === 0) return null
  return (
    <ol className="plain-list stack tight" aria-label={texts.bookings}>
      {data.map(({ id: entry, at, reason, before, after }) => (
        <li key={entry} className="row between">
          <span>
            {reason}{' '}
            <small className="quiet">
              <Time at={at} />
            </small>
          </span>
          <span>
            {JSON.stringify(before.stock)} → {JSON.stringify(after.stock)}
          </span>
        </li>
      ))}
    </ol>
  )
}
