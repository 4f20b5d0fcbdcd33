import { Button } from '@mantine/core'
import { useState } from 'react'
import type { ListOrdersData, Order } from 'tillstream-sdk'
import { money } from '../../../shared/formats.ts'
import { Link } from '../../../shared/router.tsx'
import { ChoiceFilter } from '../../parts/choice-filter.tsx'
import type { Column } from '../../parts/entry-table.tsx'
import { useFilters } from '../../parts/filters.ts'
import { Page } from '../../parts/page.tsx'
import { PagedTable } from '../../parts/paged-table.tsx'
import { shortId } from '../../parts/short-id.tsx'
import { Status } from '../../parts/status.tsx'
import { TextFilter } from '../../parts/text-filter.tsx'
import { Time } from '../../parts/time.tsx'
import { api } from '../../session.ts'
import { useTexts } from '../../texts/texts.ts'
import { soon, useLiveOrders } from './queries.ts'

const statusFilters = ['status', 'paymentStatus', 'fulfilmentStatus', 'returnStatus', 'flag'] as const
const filters = [...statusFilters, 'holds', 'email', 'userId', 'from', 'to'] as const

export function OrdersPage() {
  const texts = useTexts()
  const { values, isAny } = useFilters(filters)
  const { from, to, holds, ...rest } = values
  const [endingBefore] = useState(soon)
  useLiveOrders()
  const query = {
    ...rest,
    ...(from === undefined ? {} : { from: startOf(from) }),
    ...(to === undefined ? {} : { to: startOf(to, 1) }),
    ...(holds === undefined ? {} : { holdEndsBefore: endingBefore }),
  } as NonNullable<ListOrdersData['query']> // the API says which values it does not know
  return (
    <Page title={texts.places.orders}>
      <Filters />
      <PagedTable
        queryKey={['orders', query]}
        ask={async (page, signal) => (await api().listOrders({ query: { ...query, ...page }, signal })).data}
        caption={texts.places.orders}
        columns={useColumns()}
        keyOf={({ id }) => id}
        empty={isAny ? texts.nothingFits : texts.orders.none}
      />
    </Page>
  )
}

function Filters() {
  const texts = useTexts()
  const { values, set, isAny } = useFilters(filters)
  return (
    <div className="filters">
      {statusFilters.map((name) => (
        <ChoiceFilter
          key={name}
          label={texts.orders.filters[name]}
          value={values[name]}
          choices={texts.orders[name]}
          onChoose={(value) => set({ [name]: value })}
        />
      ))}
      <ChoiceFilter
        label={texts.orders.filters.holds}
        value={values.holds}
        choices={texts.orders.holds}
        onChoose={(value) => set({ holds: value })}
      />
      <TextFilter
        label={texts.orders.filters.email}
        value={values.email}
        onChoose={(email) => set({ email })}
      />
      <TextFilter
        label={texts.orders.filters.from}
        type="date"
        value={values.from}
        onChoose={(value) => set({ from: value })}
      />
      <TextFilter
        label={texts.orders.filters.to}
        type="date"
        value={values.to}
        onChoose={(value) => set({ to: value })}
      />
      {isAny ? (
        <Button
          variant="subtle"
          onClick={() => set(Object.fromEntries(filters.map((name) => [name, undefined])))}
        >
          {texts.clearFilters}
        </Button>
      ) : null}
    </div>
  )
}

/** The beginning of a day where the reader is. */
function startOf(day: string, daysLater = 0): string {
  const date = new Date(`${day}T00:00`)
  date.setDate(date.getDate() + daysLater)
  return date.toISOString()
}

function useColumns(): readonly Column<Order>[] {
  const texts = useTexts().orders
  return [
    {
      name: 'id',
      label: texts.order,
      show: ({ id, createdAt }) => (
        <>
          <Link to={`/orders/${id}`}>{shortId(id)}</Link>
          <small>
            <Time at={createdAt} />
          </small>
        </>
      ),
    },
    {
      name: 'buyer',
      label: texts.buyer,
      show: ({ email, userId }) => email ?? (userId ? texts.account : '–'),
    },
    { name: 'items', label: texts.items, show: itemsOf },
    {
      name: 'status',
      label: texts.filters.status,
      show: ({ status }) => <Status of={status} label={texts.status[status]} />,
    },
    {
      name: 'payment',
      label: texts.filters.paymentStatus,
      show: ({ paymentStatus }) => <Status of={paymentStatus} label={texts.paymentStatus[paymentStatus]} />,
    },
    {
      name: 'fulfilment',
      label: texts.filters.fulfilmentStatus,
      show: ({ fulfilmentStatus }) => (
        <Status of={fulfilmentStatus} label={texts.fulfilmentStatus[fulfilmentStatus]} />
      ),
    },
    {
      name: 'total',
      label: texts.total,
      isNumber: true,
      show: ({ total, currency }) => money(total, currency),
    },
  ]
}

function itemsOf({ items }: Order): string {
  const [first, ...others] = items.map(({ quantity, name }) => `${quantity} × ${name}`)
  return others.length === 0 ? (first ?? '') : `${first} +${others.length}`
}
