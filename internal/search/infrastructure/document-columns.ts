import { bucketOf, markOf } from '../../platform/copy-digest.ts'
import { searchFold, textKey } from '../../platform/search-text.ts'
import type { Document } from '../domain/document.ts'
import { isWordOfLetters, keptVariants } from '../domain/misspelling.ts'
import { bandOf } from '../domain/price-bands.ts'
import { spacedWords, wordsOf } from '../domain/words.ts'

export type ProductColumns = {
  readonly id: string
  readonly version: number
  readonly bucket: number
  readonly mark: number
  readonly sku_key: string
  readonly name_key: string
  readonly name_words: string
  readonly name_size: number
  readonly category_id: string | null
  readonly group_id: string
  readonly attributes: Texts | null
  readonly attribute_keys: Texts | null
  readonly price_minor: string
  readonly currency: string
  readonly is_sold_out: boolean
  readonly folded: string
  readonly band: number
}

type Texts = Readonly<Record<string, string>>

const textsOf = <Value>(values: Readonly<Record<string, Value>>, text: (value: Value) => string): Texts =>
  Object.fromEntries(Object.entries(values).map(([name, value]) => [name, text(value)]))

export function columnsOf(document: Document): ProductColumns {
  const { id, version, sku, name, categoryId, familyId, attributes } = document
  const { priceMinor, currency, isSoldOut } = document
  const nameKey = searchFold(name)
  const folded = searchFold(`${name} ${sku} ${document.description}`)
  return {
    ...{ id, version, bucket: bucketOf(id), mark: markOf(`${id}:${version}`) },
    ...{
      sku_key: searchFold(sku),
      name_key: nameKey,
      name_words: spacedWords(nameKey),
      name_size: nameKey.length,
    },
    ...{ category_id: categoryId ?? null, price_minor: String(priceMinor), currency },
    group_id: familyId ?? id,
    attributes: attributes ? textsOf(attributes, String) : null,
    attribute_keys: attributes ? textsOf(attributes, (value) => textKey(String(value))) : null,
    ...{ is_sold_out: isSoldOut, folded, band: bandOf(priceMinor) },
  }
}

export type WordColumns = { readonly word: string; readonly variants: readonly string[] }

/** The words of names that somebody may misspell. */
export function wordColumns(documents: readonly Document[]): readonly WordColumns[] {
  const words = new Set(documents.flatMap(({ name }) => wordsOf(searchFold(name)).filter(isWordOfLetters)))
  return [...words].toSorted().map((word) => ({ word, variants: keptVariants(word) }))
}
