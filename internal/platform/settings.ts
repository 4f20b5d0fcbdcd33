import { encodedUrl, isUnencoded, isUrl } from './written-url.ts'

/**
 * One environment variable, declared once by the code that uses it. `.env.example` and docs/settings.md are made from
 * these declarations.
 */
export type Setting<Value> = {
  readonly variable: string
  /** Its meaning for an operator in one or two sentences, without the default. */
  readonly about: string
  readonly fallback: Value
  /** The default as it is written in `.env.example`; empty when there is none. */
  readonly example: string
  /** Completes the error message "PORT must be …". */
  readonly expected: string
  /** Returns undefined when the text is not as expected. It is never called with an empty text. */
  readonly parse: (text: string) => Value | undefined
  /** Says better than `expected` what this text should have been. It never repeats the text, which may be a secret. */
  readonly expectedOf?: (text: string) => string | undefined
  /** A secret may also come from a file that `<variable>_FILE` names. Its value appears in no log and no error. */
  readonly isSecret: boolean
  /** The reason why production refuses the setting; empty when it is allowed. */
  readonly notInProduction: string
  /** True for settings of tests and campaigns, which appear in no document. */
  readonly isHidden: boolean
  /** Of a family of settings: how each of them is read. Its variable has `anyName` in the place of a name. */
  readonly member?: Setting<unknown>
}

/** Stands for the name in the variables of a family: OIDC_<NAME>_ISSUER is for OIDC_GOOGLE_ISSUER and others. */
export const anyName = '<NAME>'

/** The names of families' members: words of capitals and digits, with underscores between them. */
export const namePattern = '[A-Z0-9]+(?:_[A-Z0-9]+)*'

export type Settings = Readonly<Record<string, Setting<unknown>>>

export type ValuesOf<Declared extends Settings> = {
  readonly [Name in keyof Declared]: Declared[Name] extends Setting<infer Value> ? Value : never
}

type Range = { readonly min: number; readonly max: number }

/** What most settings are. */
export const plain = { isSecret: false, notInProduction: '', isHidden: false } as const

export function text(variable: string, fallback: string, about: string): Setting<string> {
  return {
    ...plain,
    variable,
    about,
    fallback,
    example: fallback,
    expected: 'a text',
    parse: (value) => value,
  }
}

export function integer(
  variable: string,
  fallback: number,
  { min, max }: Range,
  about: string,
): Setting<number> {
  return {
    ...plain,
    ...{ variable, about, fallback, example: String(fallback) },
    expected: `a whole number from ${min} to ${max}`,
    parse(value) {
      const number = /^\d+$/.test(value) ? Number(value) : NaN
      return number >= min && number <= max ? number : undefined
    },
  }
}

/** A number that may be left out. */
export function optionalInteger(variable: string, range: Range, about: string): Setting<number | undefined> {
  return { ...integer(variable, range.min, range, about), fallback: undefined, example: '' }
}

export function oneOf<Choice extends string>(
  variable: string,
  choices: readonly Choice[],
  fallback: Choice,
  about: string,
): Setting<Choice> {
  return {
    ...plain,
    ...{ variable, about, fallback, example: fallback },
    expected: `one of ${choices.join(', ')}`,
    parse: (value) => choices.find((choice) => choice === value),
  }
}

/** A setting of an earlier version. Whoever still has it is told, instead of believing that it does something. */
export function retired(variable: string, successor: string): Setting<undefined> {
  return {
    ...plain,
    ...{ variable, about: '', fallback: undefined, example: '', isHidden: true },
    expected: `left out: ${successor} has taken its place`,
    parse: () => undefined,
  }
}

/** All settings that are named like this one, by their names: whoever runs the shop chooses those. */
export function family<Value>(member: Setting<Value>): Setting<ReadonlyMap<string, Value>> {
  const { variable, about, expected, isSecret, notInProduction, isHidden } = member
  return {
    ...{ variable, about, expected, isSecret, notInProduction, isHidden, member },
    fallback: new Map(),
    example: '',
    parse: () => undefined,
  }
}

/** The choice between true and false. */
export function flag(variable: string, fallback: boolean, about: string): Setting<boolean> {
  return {
    ...plain,
    ...{ variable, about, fallback, example: String(fallback) },
    expected: 'true or false',
    parse: (value) => ({ true: true, false: false })[value],
  }
}

/** A text that domain code parses: `parse` throws when the text is wrong, and the error's message says why. */
export function parsed(
  variable: string,
  { fallback, expected, parse }: { fallback: string; expected: string; parse: (text: string) => string },
  about: string,
): Setting<string> {
  const attempt = (text: string): { readonly value?: string; readonly reason?: string } => {
    try {
      return { value: parse(text) }
    } catch (err) {
      return { reason: err instanceof Error ? err.message : String(err) }
    }
  }
  return {
    ...plain,
    ...{ variable, about, fallback, expected, example: fallback },
    parse: (text) => attempt(text).value,
    expectedOf(text) {
      const { reason } = attempt(text)
      return reason === undefined ? undefined : `${expected} (${reason})`
    },
  }
}

/**
 * A URL, empty when it is not set. With `isList` it may be several URLs separated by commas. It counts as a secret,
 * because it may hold a password.
 */
export function url(
  variable: string,
  protocols: readonly string[],
  about: string,
  { isList = false }: { readonly isList?: boolean } = {},
): Setting<string> {
  const urls = (value: string): readonly string[] => (isList ? items(value) : [value])
  return {
    ...plain,
    ...{ variable, about, fallback: '', example: '', isSecret: true },
    expected: `a URL that begins with ${protocols.join('// or ')}//${isList ? ', or several, separated by commas' : ''}`,
    parse: (value) => (urls(value).every((one) => isUrl(one, protocols)) ? value : undefined),
    expectedOf: (value) => (urls(value).some(isUnencoded) ? encodedUrl : undefined),
  }
}

/** A secret, empty when it is not set. */
export function secret(
  variable: string,
  { minBytes }: { readonly minBytes: number },
  about: string,
): Setting<string> {
  return {
    ...plain,
    ...{ variable, about, fallback: '', example: '', isSecret: true },
    expected: minBytes > 1 ? `at least ${minBytes} bytes long` : 'a text',
    parse: (value) => (Buffer.byteLength(value) >= minBytes ? value : undefined),
  }
}

export function currency(variable: string, fallback: string, about: string): Setting<string> {
  return {
    ...plain,
    ...{ variable, about, fallback, example: fallback },
    expected: 'a currency of ISO 4217, such as USD',
    parse: (value) => (Intl.supportedValuesOf('currency').includes(value) ? value : undefined),
  }
}

/** A hidden list `name:n,name:n` with positive numbers. Production refuses it for the reason given. */
export function hiddenCounts<Name extends string>(
  variable: string,
  names: readonly Name[],
  notInProduction: string,
): Setting<ReadonlyMap<Name, number>> {
  return {
    ...plain,
    ...{ variable, about: '', fallback: new Map(), example: '', isHidden: true, notInProduction },
    expected: `a list such as ${names[0] ?? ''}:1 of ${names.join(', ')}`,
    parse: (value) => countsOf(items(value), names),
  }
}

/** The items of a list with commas. */
export function items(value: string): readonly string[] {
  return value
    .split(',')
    .map((item) => item.trim())
    .filter((item) => item !== '')
}

function countsOf<Name extends string>(
  points: readonly string[],
  names: readonly Name[],
): ReadonlyMap<Name, number> | undefined {
  const counts = new Map<Name, number>()
  for (const item of points) {
    const [, word, digits] = /^([a-z-]+):([1-9]\d{0,8})$/.exec(item) ?? []
    const name = names.find((known) => known === word)
    if (name === undefined) return undefined
    counts.set(name, Number(digits))
  }
  return counts
}
