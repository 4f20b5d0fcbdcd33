/** The texts of a form by the names of its fields; what was left empty is missing. */
export function textsOf(form: HTMLFormElement): Readonly<Record<string, string>> {
  const entries = [...new FormData(form)].map(
    ([name, value]) => [name, typeof value === 'string' ? value.trim() : ''] as const,
  )
  return Object.fromEntries(entries.filter(([, value]) => value !== ''))
}
