import { useQuery } from '@tanstack/react-query'
import { Link } from '../../../shared/router.tsx'
import { EntryTable } from '../../parts/entry-table.tsx'
import { Empty, Loading } from '../../parts/notices.tsx'
import { Panel } from '../../parts/page.tsx'
import { api } from '../../session.ts'
import { useTexts } from '../../texts/texts.ts'

const low = 5
const limit = 20
const againMs = 120_000

export function LowStock() {
  const texts = useTexts().home
  const { data } = useQuery({
    queryKey: ['low-stock'],
    queryFn: async ({ signal }) =>
      (await api().listLowStock({ query: { atMost: low, limit }, signal })).data.data,
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
