import { useQuery } from '@tanstack/react-query'
import type { Product } from 'tillstream-sdk'
import { navigate } from '../../../shared/router.tsx'
import { Editor } from '../../editing/editor.tsx'
import { ActButton } from '../../parts/act-button.tsx'
import { useAct } from '../../parts/act.ts'
import { Fault, Loading } from '../../parts/notices.tsx'
import { Page, Panel } from '../../parts/page.tsx'
import { useStaff } from '../../parts/staff.ts'
import { api } from '../../session.ts'
import { useTexts } from '../../texts/texts.ts'
import { Facts } from './facts.tsx'
import { Images } from './images.tsx'
import { Stock } from './stock.tsx'
import { products, seenAs } from './store.ts'
import { useProductFields } from './use-product-fields.ts'

export function ProductPage({ id }: { readonly id: string }) {
  const { data, isError, error, refetch } = useQuery({
    queryKey: ['product', id],
    queryFn: async ({ signal }) => (await api().getProduct({ path: { id }, signal })).data,
    refetchInterval: 15_000,
  })
  if (data) return <Shown product={data} />
  return isError ? <Fault err={error} onAgain={() => void refetch()} /> : <Loading lines={10} />
}

function Shown({ product }: { readonly product: Product }) {
  const texts = useTexts()
  const { may } = useStaff()
  const fields = useProductFields()
  const mayEdit = may('products:write')
  return (
    <Page
      title={product.name}
      up={{ to: '/products', label: texts.places.products }}
      lead={<code>{product.sku}</code>}
      actions={mayEdit ? <RemoveProduct product={product} /> : undefined}
    >
      <div className="columns">
        <div className="panels">
          <Panel title={texts.products.data}>
            {mayEdit ? (
              <Editor fields={fields} entry={product} store={products} onDone={() => undefined} />
            ) : (
              <Facts product={product} />
            )}
          </Panel>
        </div>
        <div className="panels">
          <Stock product={product} />
          <Images product={product} mayEdit={mayEdit} />
        </div>
      </div>
    </Page>
  )
}

function RemoveProduct({ product: { id, version, name } }: { readonly product: Product }) {
  const texts = useTexts()
  const remove = useAct({
    run: async (_: object) => api().deleteProduct({ path: { id }, headers: seenAs(version) }),
    done: texts.removed(name),
    onDone: () => navigate('/products', { replaces: true }),
  })
  return (
    <ActButton
      label={texts.remove}
      title={`${texts.remove}: ${name}`}
      effect={texts.products.removeEffect}
      confirm={texts.remove}
      isDanger
      act={remove}
      toInput={() => ({})}
    />
  )
}
