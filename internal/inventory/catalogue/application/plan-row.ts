import { toMinor } from '../../../platform/money.ts'
import { Refusal } from '../../../platform/refusal.ts'
import { parseFamilyId, type FamilyId, type ProductId } from '../../domain/ids.ts'
import { parseOpeningStock } from '../../stock/domain/stock.ts'
import { attributesOfTexts, type AttributeSchema } from '../domain/attributes.ts'
import { createProduct, updateProduct, type Product, type ProductPatch } from '../domain/product.ts'
import { parseSku } from '../domain/product-fields.ts'
import type { ListedProduct, ProductWrite } from './products.ts'

type Texts = Readonly<Record<string, string>>

/** What a line of a file says of a product. What is absent stays as it is. */
export type ImportedRow = Omit<ProductPatch, 'sku' | 'priceMinor' | 'attributes' | 'familyId' | 'options'> & {
  readonly sku: string
  /** ISO 4217. A product keeps its currency, and a new one has that of the shop. */
  readonly currency?: string | undefined
  readonly stock?: number | undefined
  readonly familyId?: string | undefined
  /** Of its family. Those that are not named stay, unless it comes into another family. */
  readonly options?: Texts | undefined
  /** As text, whatever their type. Those that are not named stay. */
  readonly attributes?: Texts | undefined
}

type How = {
  readonly newProductId: () => ProductId
  readonly at: Date
  readonly currency: string
  readonly countsStock: boolean
  /** What products of the category at this path may say of themselves. */
  readonly schemaOf: (path: string) => AttributeSchema
}

/** What a row changes. */
export type Plan = {
  readonly kind: 'created' | 'updated' | 'unchanged'
  readonly write?: ProductWrite
  /** What was counted differs by so many units. */
  readonly count?: { readonly productId: ProductId; readonly units: number }
}

/** What the row would make of the catalogue. Refused with what is wrong with it. */
export function planRow(how: How, row: ImportedRow, known: ListedProduct | undefined): Plan {
  const sku = parseSku(row.sku)
  return known ? planChange(how, row, known) : planAddition(how, { ...row, sku })
}

function planAddition(how: How, row: ImportedRow): Plan {
  const { sku, name, category, price, description = '', images = [], weightGrams, stock = 0 } = row
  if (name === undefined) throw missing('name')
  if (category === undefined) throw missing('category')
  if (price === undefined) throw missing('price')
  requireCurrency(row, how.currency)
  const money = { minor: toMinor(price, how.currency), currency: how.currency }
  const input = {
    ...{ sku, name, category, description, images, weightGrams, price: money },
    attributes: attributesOfTexts(row.attributes ?? {}, how.schemaOf(category)),
    familyId: familyIdIn(row),
    options: row.options,
  }
  const change = createProduct(how.newProductId(), input, how.at)
  return { kind: 'created', write: { kind: 'add', change, openingStock: parseOpeningStock(stock) } }
}

function planChange(how: How, row: ImportedRow, { product, available }: ListedProduct): Plan {
  const { sku: _, currency, stock, attributes = {}, options = {}, ...rest } = row
  requireCurrency({ currency }, product.price.currency)
  const familyId = familyIdIn(row)
  const schema = how.schemaOf(row.category ?? product.category)
  const typed = attributesOfTexts(attributes, schema)
  const decide = (current: Product) => {
    const patch = {
      ...{ ...rest, familyId },
      ...(Object.keys(typed).length > 0 && { attributes: { ...current.attributes, ...typed } }),
      ...(Object.keys(options).length > 0 && { options: optionsAfter(current, familyId, options) }),
    }
    return updateProduct(current, patch, undefined, how.at)
  }
  const isOther = decide(product).events.length > 0
  const units = how.countsStock && stock !== undefined ? parseOpeningStock(stock) - available : 0
  return {
    kind: isOther || units !== 0 ? 'updated' : 'unchanged',
    ...(isOther && { write: { kind: 'update', id: product.id, decide } }),
    ...(units !== 0 && { count: { productId: product.id, units } }),
  }
}

/** In another family the options of the one before mean nothing. */
function optionsAfter({ membership }: Product, familyId: FamilyId | undefined, options: Texts): Texts {
  const stays = familyId === undefined || familyId === membership?.familyId
  return stays ? { ...membership?.options, ...options } : options
}

const familyIdIn = ({ familyId }: ImportedRow): FamilyId | undefined =>
  familyId === undefined ? undefined : parseFamilyId(familyId)

function requireCurrency({ currency }: Pick<ImportedRow, 'currency'>, expected: string): void {
  if (currency === undefined || currency === expected) return
  throw new Refusal('invalid', 'import.other-currency', `the price of this product is in ${expected}`, {
    field: 'currency',
  })
}

const missing = (field: string): Refusal =>
  new Refusal('invalid', 'import.missing-value', `a new product needs a ${field}`, { field })
