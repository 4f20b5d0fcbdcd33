import { useQuery } from '@tanstack/react-query'
import { each, type Product } from 'tillstream-sdk'
import { Link } from '../../../shared/router.tsx'
import { EntryTable } from '../../parts/entry-table.tsx'
import { Empty, Loading } from '../../parts/notices.tsx'
import { Panel } from '../../parts/page.tsx'
import { api } from '../../session.ts'
import { useTexts } from '../../texts/texts.ts'

/** The API does not sort by stock, so the newest products are looked through. */
const mostLookedAt = 500
const low = 5
const mostShown = 20
const againMs = 120_000

async function lowProducts(signal: AbortSignal): Promise<readonly Product[]> {
  const found: Product[] = []
  let lookedAt = 0
  const query = { sort: 'newest', limit: 100 } as const
  for await (const product of each((page) => api().listProducts({ query: page, signal }), query)) {
    if (product.stock <= low) found.push(product)
    if (++lookedAt >= mostLookedAt) break
  }
  return found.sort((one, other) => one.stock - other.stock).slice(0, mostShown)
}

export function LowStock() {
  const texts = useTexts().home
  const { data } = useQuery({
    queryKey: ['low-stock'],
    queryFn: ({ signal }) => lowProducts(signal),
    refetchInterval: againMs,
  })
  return (
    <Panel title={texts.lowStock(low)}>
      {data === undefined ? <Loading /> : data.length === 0 ? <Empty>{texts.enough}</Empty> : null}
      {data && data.length > 0 ? (
        <EntryTable
          caption={texts.lowStock(low)}
          rows={data}
          keyOf={({ id }) => id}
          columns={[
            {
              name: 'name',
              label: texts.product,
              show: ({ id, name, sku }) => (
                <>
                  <Link to={`/products/${id}`}>{name}</Link>
                  <small>{sku}</small>
                </>
              ),
            },
            { name: 'category', label: texts.category, show: ({ category }) => category },
            { name: 'stock', label: texts.left, isNumber: true, show: ({ stock }) => stock },
          ]}
        />
      ) : null}
    </Panel>
  )
}
