/** PostgreSQL has no NUL in text, and UTF-8 has no lone surrogates. */
export function isStorableText(text: string): boolean {
  return !/[\0\p{Surrogate}]/u.test(text)
}
