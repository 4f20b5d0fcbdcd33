// How text is folded for searching, and when two texts count as the same. The inventory's migration `text` has the same
// functions in SQL; one contract suite holds both to the same.

/** Equal for what people take for the same SKU or category. */
export function textKey(given: string): string {
  return given.normalize('NFC').replace(invisible, '').toLowerCase().replaceAll('ς', 'σ').trim()
}

/** Without accents too. Marks that make other words of other scripts stay. */
export function searchFold(given: string): string {
  const bare = given.normalize('NFKD').replace(invisible, '').replace(accents, '').toLowerCase()
  return bare
    .replace(alike, (letter) => instead[letter] ?? letter)
    .replace(/\s+/gu, ' ')
    .trim()
}

/** Punctuation around a word is what people write around words, unless there is nothing else. */
export function searchTerms(query: string): readonly string[] {
  const words = searchFold(query).split(' ').filter(Boolean)
  return words.map((word) => word.replace(around, '') || word)
}

const invisible = /[\u00ad\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufe00-\ufe0f\ufeff]/gu
const accents =
  /[\u0300-\u036f\u0483-\u0487\u0591-\u05bd\u05bf\u05c1\u05c2\u05c4\u05c5\u05c7\u0610-\u061c\u064b-\u065f\u0670\u06d6-\u06dc\u06df-\u06e4\u06e7\u06e8\u06ea-\u06ed\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20f0\ufe20-\ufe2f]/gu
const around =
  /^["'`.,;:!?()[\]{}<>«»‹›¿¡、。「」『』・\-_*&|/\\]+|["'`.,;:!?()[\]{}<>«»‹›¿¡、。「」『』・\-_*&|/\\]+$/gu

const instead: Readonly<Record<string, string>> = {
  ...{ ß: 'ss', æ: 'ae', œ: 'oe', þ: 'th', ς: 'σ' },
  ...Object.fromEntries(
    Array.from('łøđðħŧıŋƀɨƶ').map((letter, index) => [letter, 'loddhtinbiz'[index] ?? '']),
  ),
  ...Object.fromEntries(Array.from('‘’‚‛′').map((quote) => [quote, "'"])),
  ...Object.fromEntries(Array.from('“”„‟').map((quote) => [quote, '"'])),
  ...Object.fromEntries(Array.from('‐‒–—―−').map((dash) => [dash, '-'])),
  '⁄': '/',
}
const alike = new RegExp(`[${Object.keys(instead).join('')}]`, 'gu')
