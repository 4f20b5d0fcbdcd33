import { columnsOf, type ProductColumns } from '../document-columns.ts'
import type { Document } from '../../domain/document.ts'
import type { Json } from './index-layout.ts'

/** No text of one line has it. */
const between = '\u001f'

/** Of an attribute, as it is compared, and as it is asked for. */
export const attributeKey = (name: string, key: string): string => `${name}${between}${key}`

/** A pattern for all values of an attribute. Names have nothing that means something in a pattern. */
export const valuesOf = (name: string): string => `${name}${between}.*`

export function keyAndValueIn(stored: string): readonly [key: string, value: string] {
  const [, key = '', ...value] = stored.split(between)
  return [key, value.join(between)]
}

/** What the index stores of a product. */
export function sourceOf(document: Document): Json {
  const columns = columnsOf(document)
  const { id, version, bucket, sku_key, name_key, name_words, name_size, folded } = columns
  // What an inventory of an earlier version has told is to be read anew.
  const isOld = columns.category_id === null || columns.attributes === null
  return {
    ...{ kind: 'product', id, version, bucket, sku_key, name_key, name_words, name_size, folded },
    ...{ told_version: isOld ? 0 : version, mark: isOld ? 0 : columns.mark },
    name_and_sku: `${name_key} ${sku_key}`,
    ...(columns.category_id !== null && { category_id: columns.category_id }),
    ...attributesOf(columns),
    ...{ price_minor: columns.price_minor, currency: columns.currency, is_sold_out: columns.is_sold_out },
  }
}

function attributesOf({ attributes, attribute_keys }: ProductColumns): Json {
  const entries = Object.entries(attribute_keys ?? {})
  return {
    attribute_keys: entries.map(([name, key]) => attributeKey(name, key)),
    attribute_values: entries.map(
      ([name, key]) => `${attributeKey(name, key)}${between}${attributes?.[name] ?? ''}`,
    ),
  }
}
