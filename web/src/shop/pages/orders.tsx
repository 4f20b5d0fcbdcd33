import { useInfiniteQuery } from '@tanstack/react-query'
import { api } from '../../shared/api.ts'
import { day, money } from '../../shared/formats.ts'
import { Link } from '../../shared/router.tsx'
import { Button } from '../parts/fields.tsx'
import { OnlyLoggedIn } from '../parts/only-logged-in.tsx'
import { EmptyState, Fault, Skeleton } from '../parts/notices.tsx'
import { useTitle } from '../parts/use-title.ts'
import { useTexts } from '../texts/texts.ts'

export function OrdersPage() {
  return (
    <OnlyLoggedIn>
      <Orders />
    </OnlyLoggedIn>
  )
}

function Orders() {
  const texts = useTexts()
  const orders = useInfiniteQuery({
    queryKey: ['orders'],
    queryFn: async ({ pageParam, signal }) =>
      (await api().listOrders({ query: pageParam === '' ? {} : { cursor: pageParam }, signal })).data,
    initialPageParam: '',
    getNextPageParam: ({ nextCursor }) => nextCursor,
  })
  useTitle(texts.orders.title)
  if (orders.isError) return <Fault err={orders.error} onAgain={() => void orders.refetch()} />
  if (!orders.data) return <Skeleton lines={6} />
  const all = orders.data.pages.flatMap(({ data }) => data)
  if (all.length === 0)
    return (
      <EmptyState
        title={texts.orders.emptyTitle}
        text={texts.orders.empty}
        to="/"
        action={texts.missing.home}
      />
    )
  return (
    <section className="narrow-page stack">
      <h1>{texts.orders.title}</h1>
      <ul className="plain-list stack">
        {all.map((order) => (
          <li key={order.id}>
            <Link className="panel row between order-row" to={`/orders/${order.id}`}>
              <span>
                <b>{day(order.createdAt)}</b>
                <small className="quiet">
                  {texts.orders.products(order.items.reduce((sum, { quantity }) => sum + quantity, 0))} ·{' '}
                  {order.items[0]?.name}
                </small>
              </span>
              <span className="tag" data-status={order.status}>
                {texts.orders.statuses[order.status]}
              </span>
              <b>{money(order.total, order.currency)}</b>
            </Link>
          </li>
        ))}
      </ul>
      {orders.hasNextPage ? (
        <Button
          className="button second"
          isBusy={orders.isFetchingNextPage}
          onClick={() => void orders.fetchNextPage()}
        >
          {texts.catalogue.more}
        </Button>
      ) : null}
    </section>
  )
}
