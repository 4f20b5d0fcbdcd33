import { useQuery } from '@tanstack/react-query'
import type { Category } from 'tillstream-sdk'
import { api } from '../../shared/api.ts'
import { money } from '../../shared/formats.ts'
import { hrefOf, navigate } from '../../shared/router.tsx'
import { useTexts } from '../texts/texts.ts'
import { Select } from './fields.tsx'

export type Facet = {
  readonly field: string
  readonly values: readonly { readonly value: string; readonly count: number }[]
}

type FiltersProps = {
  readonly facets: readonly Facet[]
  readonly query: URLSearchParams
  readonly currency: string | undefined
}

const sorts = ['relevance', 'newest', 'name', 'price', '-price'] as const

/** The address with a filter set, or without it. */
function withFilter(query: URLSearchParams, changes: Readonly<Record<string, string>>): string {
  const next = new URLSearchParams(query)
  for (const [name, value] of Object.entries(changes)) {
    if (value === '') next.delete(name)
    else next.set(name, value)
  }
  return next.size === 0 ? '/' : `/?${next.toString()}`
}

export function Filters({ facets, query, currency }: FiltersProps) {
  const texts = useTexts().catalogue
  const categories = useQuery({
    queryKey: ['categories'],
    queryFn: async ({ signal }) => (await api().listCategories({ signal })).data.data,
    staleTime: 60_000,
  })
  const go = (changes: Readonly<Record<string, string>>): void =>
    navigate(withFilter(query, changes), { keepsScroll: true })
  const chosen = query.get('category') ?? ''
  const sort = query.get('sort') ?? (query.has('q') ? 'relevance' : 'newest')
  return (
    <details className="filters" open={matchMedia('(min-width: 56rem)').matches}>
      <summary>{texts.showFilters}</summary>
      <CategoryTree facets={facets} query={query} categories={categories.data ?? []} go={go} />
      <Select label={texts.sort} value={sort} onChange={({ target }) => go({ sort: target.value })}>
        {sorts
          .filter((name) => name !== 'relevance' || query.has('q'))
          .map((name) => (
            <option key={name} value={name}>
              {texts.sorts[name]}
            </option>
          ))}
      </Select>
      <PriceFilter facets={facets} query={query} currency={currency} go={go} />
      {attributesOf(categories.data ?? [], chosen).map(({ name }) => (
        <AttributeFilter key={name} name={name} query={query} go={go} />
      ))}
      <label className="check">
        <input
          type="checkbox"
          checked={query.get('inStock') === 'true'}
          onChange={({ target }) => go({ inStock: target.checked ? 'true' : '' })}
        />
        {texts.inStock}
      </label>
    </details>
  )
}

/** The roots, the way to the chosen category, and what is right below it. */
function shown(categories: readonly Category[], chosen: string): readonly Category[] {
  return categories.filter(({ path }) => {
    const parent = path.slice(0, Math.max(0, path.lastIndexOf('/')))
    return parent === '' || parent === chosen || chosen.startsWith(`${parent}/`)
  })
}

/** What the products of a category say of themselves: its own attributes, and those of the categories above it. */
function attributesOf(categories: readonly Category[], chosen: string): Category['attributes'] {
  return categories
    .filter(({ path }) => chosen === path || chosen.startsWith(`${path}/`))
    .flatMap(({ attributes }) => attributes)
}

type PartProps = Pick<FiltersProps, 'query'> & {
  readonly go: (changes: Readonly<Record<string, string>>) => void
}

function PriceFilter({ facets, query, currency, go }: PartProps & Omit<FiltersProps, 'query'>) {
  const texts = useTexts().catalogue
  const bands = facets.find(({ field }) => field === 'price')?.values ?? []
  const chosen = [query.get('minPrice') ?? '', query.get('maxPrice') ?? ''].join('-')
  const known = bands.some(({ value }) => value === chosen) || chosen === '-'
  const named = (band: string): string => {
    const [min = '', max = ''] = band.split('-')
    const text = (amount: string): string =>
      currency === undefined ? amount : money(Number(amount), currency)
    return max === '' ? texts.from(text(min)) : `${text(min || '0')} – ${text(max)}`
  }
  return (
    <Select
      label={texts.price}
      value={chosen}
      onChange={({ target }) => {
        const [minPrice = '', maxPrice = ''] = target.value.split('-')
        go({ minPrice, maxPrice })
      }}
    >
      <option value="-">{texts.anyPrice}</option>
      {(known ? bands : [...bands, { value: chosen, count: 0 }]).map(({ value, count }) => (
        <option key={value} value={value}>
          {named(value)} ({count})
        </option>
      ))}
    </Select>
  )
}

function AttributeFilter({ name, query, go }: PartProps & { readonly name: string }) {
  const texts = useTexts().catalogue
  const field = `attributes.${name}`
  const category = query.get('category') ?? ''
  const counted = useQuery({
    queryKey: ['facet', field, query.toString()],
    queryFn: async ({ signal }) => {
      const asked = { ...Object.fromEntries(query), category, facets: field, limit: 1 }
      return (await api().listProducts({ query: asked, signal })).data.facets
    },
  })
  const values = counted.data?.find((facet) => facet.field === field)?.values ?? []
  const label = name.slice(0, 1).toLocaleUpperCase() + name.slice(1)
  const named: Readonly<Record<string, string>> = { true: texts.yes, false: texts.no }
  return (
    <Select
      label={label}
      value={query.get(field) ?? ''}
      onChange={({ target }) => go({ [field]: target.value })}
    >
      <option value="">{texts.any}</option>
      {values.map(({ value, count }) => (
        <option key={value} value={value}>
          {named[value] ?? value} ({count})
        </option>
      ))}
    </Select>
  )
}

type TreeProps = PartProps & Pick<FiltersProps, 'facets'> & { readonly categories: readonly Category[] }

function CategoryTree({ facets, query, categories, go }: TreeProps) {
  const texts = useTexts().catalogue
  const chosen = query.get('category') ?? ''
  const counts = facets.find(({ field }) => field === 'category')?.values
  return (
    <nav aria-label={texts.category}>
      <ul className="tree">
        {[{ path: '', name: texts.allCategories }, ...shown(categories, chosen)].map(({ path, name }) => (
          <li key={path} data-depth={path.split('/').length}>
            <a
              href={hrefOf(withFilter(query, { category: path }))}
              aria-current={path === chosen ? 'page' : undefined}
              onClick={(event) => {
                event.preventDefault()
                const others = [...query.keys()].filter((key) => key.startsWith('attributes.'))
                go({ ...Object.fromEntries(others.map((key) => [key, ''])), category: path })
              }}
            >
              {name}{' '}
              <small className="quiet">{counts?.find(({ value }) => value === path)?.count ?? ''}</small>
            </a>
          </li>
        ))}
      </ul>
    </nav>
  )
}
