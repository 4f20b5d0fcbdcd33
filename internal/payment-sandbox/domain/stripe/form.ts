/** Stripe's bodies are forms with brackets: `metadata[order]=1`, `payment_method_types[0]=card`. */
export type Form = {
  readonly text: (name: string) => string
  readonly flag: (name: string) => boolean
  /** The parts of `name[part]`. */
  readonly record: (name: string) => Readonly<Record<string, string>>
  readonly list: (name: string) => readonly string[]
}

export function formOf(params: URLSearchParams): Form {
  const record = (name: string): Readonly<Record<string, string>> => {
    const found: [string, string][] = []
    for (const [key, value] of params) {
      const inner =
        key.startsWith(`${name}[`) && key.endsWith(']') ? key.slice(name.length + 1, -1) : undefined
      if (inner !== undefined) found.push([inner, value])
    }
    return Object.fromEntries(found)
  }
  return {
    text: (name) => params.get(name) ?? '',
    flag: (name) => params.get(name) === 'true',
    record,
    list: (name) => Object.values(record(name)),
  }
}
