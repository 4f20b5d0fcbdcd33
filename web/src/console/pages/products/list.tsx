import { Checkbox } from '@mantine/core'
import type { ListProductsData, Product } from 'tillstream-sdk'
import { money } from '../../../shared/formats.ts'
import { Link, navigate } from '../../../shared/router.tsx'
import { EditButton } from '../../editing/edit-button.tsx'
import { ChoiceFilter } from '../../parts/choice-filter.tsx'
import type { Column } from '../../parts/entry-table.tsx'
import { useFilters } from '../../parts/filters.ts'
import { Page } from '../../parts/page.tsx'
import { PagedTable } from '../../parts/paged-table.tsx'
import { useStaff } from '../../parts/staff.ts'
import { TextFilter } from '../../parts/text-filter.tsx'
import { api } from '../../session.ts'
import { useTexts } from '../../texts/texts.ts'
import { Thumb } from './thumb.tsx'
import { products } from './store.ts'
import { useProductFields } from './use-product-fields.ts'

const filters = ['q', 'category', 'sort', 'inStock'] as const

export function ProductsPage() {
  const texts = useTexts()
  const { values, set, isAny } = useFilters(filters)
  const { inStock, ...rest } = values
  const query = {
    ...rest,
    ...(inStock === undefined ? {} : { inStock: true }),
  } as NonNullable<ListProductsData['query']> // the API says which values it does not know
  return (
    <Page title={texts.places.products} actions={<NewProduct />}>
      <div className="filters">
        <TextFilter label={texts.products.search} value={values.q} onChoose={(q) => set({ q })} />
        <TextFilter
          label={texts.products.fields.category}
          value={values.category}
          onChoose={(category) => set({ category })}
        />
        <ChoiceFilter
          label={texts.products.sort}
          value={values.sort}
          choices={texts.products.sorts}
          onChoose={(sort) => set({ sort })}
        />
        <Checkbox
          label={texts.products.inStock}
          checked={inStock !== undefined}
          onChange={({ currentTarget }) => set({ inStock: currentTarget.checked ? 'true' : undefined })}
        />
      </div>
      <PagedTable
        queryKey={['products', query]}
        ask={async (page, signal) =>
          (await api().listProducts({ query: { ...query, ...page }, signal })).data
        }
        caption={texts.places.products}
        columns={useColumns()}
        keyOf={({ id }) => id}
        empty={isAny ? texts.nothingFits : texts.products.none}
      />
    </Page>
  )
}

function NewProduct() {
  const texts = useTexts().products
  const { may } = useStaff()
  const fields = useProductFields()
  if (!may('products:write')) return null
  const opening = { name: 'stock', label: texts.openingStock, kind: 'number', isRequired: true } as const
  return (
    <EditButton
      label={texts.add}
      isMain
      fields={[...fields.slice(0, 4), opening, ...fields.slice(4)]}
      store={products}
      onDone={({ id }) => navigate(`/products/${id}`)}
    />
  )
}

function useColumns(): readonly Column<Product>[] {
  const { fields: labels, left } = useTexts().products
  return [
    {
      name: 'name',
      label: labels.name,
      show: ({ id, name, sku, images }) => (
        <span className="with-thumb">
          <Thumb image={images[0]} />
          <span>
            <Link to={`/products/${id}`}>{name}</Link>
            <small>{sku}</small>
          </span>
        </span>
      ),
    },
    { name: 'category', label: labels.category, show: ({ category }) => category },
    {
      name: 'price',
      label: labels.price,
      isNumber: true,
      show: ({ price, currency }) => money(price, currency),
    },
    { name: 'stock', label: left, isNumber: true, show: ({ stock }) => stock },
  ]
}
