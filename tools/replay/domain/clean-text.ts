/** Control characters, halves of surrogate pairs, separators of lines, and what Unicode keeps out of texts. */
const unwanted = /[\p{Cc}\p{Cs}\p{Noncharacter_Code_Point}\p{Zl}\p{Zp}]+/u

/** Returns text that the API takes: composed, on one line, with at most so many code points. */
export function cleanText(
  text: string,
  maxLength: number,
): { readonly text: string; readonly change: string } {
  const trimmed = text.trim()
  const cleaned = trimmed.normalize('NFC').split(unwanted).join(' ').trim()
  const points = Array.from(cleaned)
  if (points.length > maxLength)
    return { text: points.slice(0, maxLength).join('').trim(), change: 'names that were shortened' }
  return { text: cleaned, change: unwanted.test(trimmed) ? 'names that were cleaned' : '' }
}
