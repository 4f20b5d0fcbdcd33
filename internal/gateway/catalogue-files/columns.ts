import type { ImportedProductSchema, ProductSchema } from '../../gen/inventory/v1/inventory_pb.ts'
import { toDecimal } from '../../platform/money.ts'
import type { Wire } from '../../platform/wire.ts'
import { csvLine } from '../csv-line.ts'
import { attributeName, images } from '../limits.ts'
import type { RowError } from './row-error.ts'

type Product = Wire<typeof ProductSchema>
type ImportedProduct = Wire<typeof ImportedProductSchema>

/** The columns that each file of products may have, in the order in which they are written, and what a product has in each. */
const columns = {
  sku: ({ sku }) => sku,
  name: ({ name }) => name,
  category: ({ category }) => category,
  price: ({ priceMinor, currency }) => String(toDecimal(BigInt(priceMinor), currency)),
  currency: ({ currency }) => currency,
  stock: ({ stock }) => String(stock),
  weightGrams: ({ weightGrams }) => String(weightGrams ?? ''),
  description: ({ description }) => description,
  // Addresses have no blanks. Uploaded images are no part of the file.
  images: (product) => product.images.join(' '),
  familyId: ({ familyId }) => familyId ?? '',
} satisfies Readonly<Record<string, (product: Product) => string>>

type Column = keyof typeof columns

/** What a row says, by the names of columns. */
export type Cells = Readonly<Partial<Record<string, string>>>

const isFixed = (name: string): name is Column => Object.hasOwn(columns, name)

/** A column of one option or of one attribute: options.size. */
const named = new RegExp(`^(options|attributes)\\.(${attributeName.slice(1, -1)})$`)

const fixedNames = Object.keys(columns) as readonly Column[] // its keys

/** In the words of a refusal. */
export const knownColumns = [...fixedNames, 'options.<name>', 'attributes.<name>'].join(', ')

export const isColumn = (name: string): boolean => isFixed(name) || named.test(name)

type Names = { readonly options: readonly string[]; readonly attributes: readonly string[] }

/** All columns of a file whose products have these options and attributes. */
export const columnsWith = ({ options, attributes }: Names): readonly string[] => [
  ...fixedNames,
  ...options.map((name) => `options.${name}`),
  ...attributes.map((name) => `attributes.${name}`),
]

export const headLine = csvLine

export const lineOf = (product: Product, names: readonly string[]): string =>
  csvLine(names.map((name) => cellOf(product, name)))

function cellOf(product: Product, column: string): string {
  if (isFixed(column)) return columns[column](product)
  const [, group, name = ''] = named.exec(column) ?? []
  const values = group === 'options' ? product.options : product.attributes
  const value = values?.[name]
  if (typeof value === 'string') return value
  return typeof value === 'number' || typeof value === 'boolean' ? String(value) : ''
}

function textsIn(cells: Cells, group: 'options' | 'attributes'): Record<string, string> {
  const entries = Object.entries(cells).flatMap(([column, text = '']) => {
    const [, of, name = ''] = named.exec(column) ?? []
    return of === group && text.trim() !== '' ? [[name, text] as const] : []
  })
  return Object.fromEntries(entries)
}

/** An empty cell says nothing: what is there stays, and a new product has the usual. */
export function productOf(line: number, cells: Cells): ImportedProduct | RowError {
  const said = (name: Column): string | undefined => (cells[name]?.trim() ? cells[name] : undefined)
  const number = (name: 'price' | 'stock' | 'weightGrams'): string | undefined => said(name)?.trim()
  const [price, stock, weightGrams] = [number('price'), number('stock'), number('weightGrams')]
  if (price !== undefined && !/^\d{1,15}(\.\d{1,15})?$/.test(price))
    return wrong(line, 'price', 'import.invalid-number', 'a price is written like 1234.50')
  for (const [column, units] of Object.entries({ stock, weightGrams }))
    if (units !== undefined && !/^\d{1,9}$/.test(units))
      return wrong(line, column, 'import.invalid-number', `${column} is a whole number without separators`)
  const urls = said('images')?.trim().split(/\s+/)
  if (urls && !urls.every(isImageAddress))
    return wrong(
      line,
      'images',
      'import.invalid-image',
      'images are addresses of https or http, or paths of this origin, with blanks between them',
    )
  return {
    ...{
      sku: cells.sku ?? '',
      name: said('name'),
      category: said('category'),
      description: said('description'),
    },
    ...{ price, currency: said('currency')?.trim().toUpperCase() },
    images: { replace: urls !== undefined, urls: urls ?? [] },
    ...{ stock: whole(stock), weightGrams: whole(weightGrams) },
    familyId: said('familyId')?.trim(),
    options: textsIn(cells, 'options'),
    attributes: textsIn(cells, 'attributes'),
  }
}

const whole = (text: string | undefined): number | undefined =>
  text === undefined ? undefined : Number(text)

const wrong = (line: number, column: string, code: string, message: string): RowError => ({
  ...{ line, column, code, message },
})

/** As POST /products takes them. */
const isImageAddress = (url: string): boolean =>
  (/^https?:\/\/./.test(url) ? URL.canParse(url) : /^\/(?![/\\])/.test(url)) && url.length <= images.urlLength
