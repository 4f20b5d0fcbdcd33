import { useInfiniteQuery, keepPreviousData } from '@tanstack/react-query'
import { isProblem, type Product } from 'tillstream-sdk'
import { api } from '../../shared/api.ts'
import { money } from '../../shared/formats.ts'
import { Link, usePlace } from '../../shared/router.tsx'
import { Filters } from '../parts/filters.tsx'
import { Button } from '../parts/fields.tsx'
import { EmptyState, Fault } from '../parts/notices.tsx'
import { Picture } from '../parts/picture.tsx'
import { useTitle } from '../parts/use-title.ts'
import { useTexts } from '../texts/texts.ts'

const pageSize = 24
const skeletons = Array.from({ length: 8 }, (_, index) => index)

/** Everything, a category, or what a search has found. The address has all filters. */
export function Catalogue() {
  const texts = useTexts()
  const { query } = usePlace()
  const category = query.get('category') ?? ''
  const words = query.get('q') ?? ''
  const products = useInfiniteQuery({
    queryKey: ['products', query.toString()],
    queryFn: ({ pageParam, signal }) => listProducts(query, pageParam, signal),
    initialPageParam: '',
    getNextPageParam: ({ nextCursor }) => nextCursor,
    placeholderData: keepPreviousData,
  })
  const title = words === '' ? lastOf(category) || texts.catalogue.title : texts.catalogue.found(words)
  useTitle(title)
  if (products.isError) return <Fault err={products.error} onAgain={() => void products.refetch()} />
  const [first] = products.data?.pages ?? []
  const found = products.data?.pages.flatMap(({ data }) => data)
  return (
    <div className="catalogue">
      <Filters facets={first?.facets ?? []} query={query} currency={found?.[0]?.currency} />
      <section aria-labelledby="found" aria-busy={products.isFetching}>
        <h1 id="found">{title}</h1>
        {found?.length === 0 ? (
          <EmptyState
            title={texts.catalogue.emptyTitle}
            text={texts.catalogue.empty}
            to="/"
            action={texts.catalogue.clear}
          />
        ) : (
          <ul className="grid">
            {found?.map((product, index) => (
              <li key={product.id}>
                <Card product={product} isEarly={index < 8} />
              </li>
            )) ??
              skeletons.map((index) => <li key={index} className="card skeleton-card" aria-hidden="true" />)}
          </ul>
        )}
        {products.hasNextPage ? (
          <Button
            className="button second"
            isBusy={products.isFetchingNextPage}
            onClick={() => void products.fetchNextPage()}
          >
            {texts.catalogue.more}
          </Button>
        ) : null}
      </section>
    </div>
  )
}

/** One product of each family, where the search can do that. */
async function listProducts(filters: URLSearchParams, cursor: string, signal: AbortSignal) {
  const query = {
    ...Object.fromEntries(filters),
    ...{ facets: 'category,price', limit: pageSize, groupBy: 'family' as const },
    ...(cursor === '' ? {} : { cursor }),
  }
  try {
    return (await api().listProducts({ query, signal })).data
  } catch (err) {
    if (!isProblem(err, 'search.no-families')) throw err
    const { groupBy: _, ...ungrouped } = query
    return (await api().listProducts({ query: ungrouped, signal })).data
  }
}

function Card({ product, isEarly }: { readonly product: Product; readonly isEarly: boolean }) {
  const texts = useTexts()
  return (
    <Link to={`/products/${product.id}`} className="card">
      <Picture name={product.name} image={product.images[0]} size="card" isEarly={isEarly} />
      <span className="card-name">{product.name}</span>
      <span className="card-price">
        {money(product.price, product.currency)}
        {product.stock > 0 ? null : <em className="quiet"> · {texts.product.soldOut}</em>}
      </span>
    </Link>
  )
}

const lastOf = (path: string): string => capital(path.split('/').at(-1) ?? '')

const capital = (text: string): string => text.slice(0, 1).toLocaleUpperCase() + text.slice(1)
