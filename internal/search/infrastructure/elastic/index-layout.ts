export type Json = Readonly<Record<string, unknown>>

/** It is part of the index's name. Another layout has another number, and the index is filled from the catalogue. */
export const layoutNumber = 1

/** Each run of so many characters of a text, in its order: that a text has a part is that it has the runs of that part. */
const runSizes = { one: 1, two: 2, three: 3 } as const

/** Under one name; what is asked for a part asks the field with the runs of its size. */
const runs = {
  one: { type: 'text', analyzer: 'runs_of_1', norms: false, index_options: 'docs' },
  two: { type: 'text', analyzer: 'runs_of_2', norms: false, index_options: 'docs' },
  three: { type: 'text', analyzer: 'runs_of_3', norms: false },
} as const

const keyword = { type: 'keyword' } as const
const searched = { type: 'text', index: false, norms: false, fields: runs } as const

/**
 * Products, the words of their names and categories are in one index, so that it is there or lost as a whole. Texts are folded
 * before they come here, as for PostgreSQL, so the analyzers only cut them into runs.
 */
export const indexLayout = (alias: string): Json => ({
  settings: {
    // One shard counts facets exactly.
    number_of_shards: 1,
    analysis: {
      tokenizer: Object.fromEntries(
        Object.values(runSizes).map((size) => [
          `runs_of_${size}`,
          { type: 'ngram', min_gram: size, max_gram: size },
        ]),
      ),
      analyzer: Object.fromEntries(
        Object.values(runSizes).map((size) => [
          `runs_of_${size}`,
          { type: 'custom', tokenizer: `runs_of_${size}` },
        ]),
      ),
    },
  },
  mappings: {
    dynamic: 'strict',
    properties: {
      // product, word or category
      kind: keyword,
      id: keyword,
      version: { type: 'integer' },
      told_version: { type: 'integer' },
      bucket: { type: 'integer' },
      mark: { type: 'long' },
      sku_key: keyword,
      name_key: { ...keyword, fields: runs },
      name_words: { ...keyword, fields: runs },
      name_and_sku: searched,
      name_size: { type: 'integer' },
      folded: searched,
      category_id: keyword,
      attribute_keys: keyword,
      attribute_values: keyword,
      price_minor: { type: 'long' },
      currency: keyword,
      is_sold_out: { type: 'boolean' },
      word: keyword,
      variants: keyword,
      path: keyword,
      path_key: keyword,
    },
  },
  aliases: { [alias]: {} },
})

type Size = keyof typeof runSizes

/** That the field of this name has the text as a part. */
export function hasPart(field: string, text: string): Json {
  const size = Array.from(text).length
  const name = (Object.keys(runSizes) as Size[]).find((each) => runSizes[each] === size)
  if (name) return { term: { [`${field}.${name}`]: text } }
  return size === 0 ? { match_all: {} } : { match_phrase: { [`${field}.three`]: text } }
}

export const ofKind = (kind: 'product' | 'word' | 'category'): Json => ({ term: { kind } })
export const allOf = (filter: readonly Json[]): Json => ({ bool: { filter } })
export const anyOf = (should: readonly Json[]): Json =>
  should.length === 1 && should[0] ? should[0] : { bool: { should, minimum_should_match: 1 } }
