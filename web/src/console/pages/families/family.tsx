import { useQuery } from '@tanstack/react-query'
import { Empty, Fault, Loading } from '../../parts/notices.tsx'
import { Page, Panel } from '../../parts/page.tsx'
import { useStaff } from '../../parts/staff.ts'
import { api } from '../../session.ts'
import { useTexts } from '../../texts/texts.ts'
import { Matrix } from './matrix.tsx'
import { NewVariant } from './new-variant.tsx'

export function FamilyPage({ id }: { readonly id: string }) {
  const { families: texts, places } = useTexts()
  const { may } = useStaff()
  const { data, isError, error, refetch } = useQuery({
    queryKey: ['family', id],
    queryFn: async ({ signal }) => (await api().getFamily({ path: { id }, signal })).data,
    refetchInterval: 15_000,
  })
  if (!data) return isError ? <Fault err={error} onAgain={() => void refetch()} /> : <Loading />
  return (
    <Page
      title={data.name}
      up={{ to: '/families', label: places.families }}
      lead={data.options.join(', ')}
      actions={may('products:write') ? <NewVariant family={data} /> : undefined}
    >
      <Panel title={texts.variants}>
        {data.products.length === 0 ? <Empty>{texts.none}</Empty> : <Matrix family={data} />}
      </Panel>
    </Page>
  )
}
