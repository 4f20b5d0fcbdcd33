/** A sign, digits with or without separators of thousands, a fraction, an exponent. */
const number =
  /^([+-]?)(\d+|[1-9]\d{0,2}(?:([,'’ \u00a0\u2009\u202f])\d{3})(?:\3\d{3})*|)(?:\.(\d*))?(?:e([+-]?\d{1,2}))?$/i

/** Larger numbers are mistakes, and the API has no room for them. */
const maxDigits = 9

/** It may be 1 or, where the point separates thousands, 1000. */
const ambiguous = /^[+-]?[1-9]\d{0,2}\.000$/

/** Returns the number in plain digits, such as -1234.5; undefined when the text can't be read or in more than one way. */
export function readDecimal(text: string): string | undefined {
  const [, sign, grouped = '', , fraction = '', exponent = '0'] = number.exec(plain(text)) ?? []
  const digits = grouped.replace(/\D/g, '') + fraction
  if (sign === undefined || digits === '') return undefined
  const point = digits.length - fraction.length + Number(exponent)
  const padded = digits.padStart(digits.length - Math.min(point, 0), '0').padEnd(point, '0')
  const cut = Math.max(point, 0)
  const whole = padded.slice(0, cut).replace(/^0+(?=\d)/, '') || '0'
  const rest = padded.slice(cut).replace(/0+$/, '')
  if (whole.length > maxDigits) return undefined
  return `${sign === '-' ? '-' : ''}${whole}${rest === '' ? '' : `.${rest}`}`
}

/** Returns undefined also for what is not whole. */
export function readWhole(text: string): number | undefined {
  const decimal = ambiguous.test(plain(text)) ? undefined : readDecimal(text)
  return decimal === undefined || decimal.includes('.') ? undefined : Number(decimal)
}

const plain = (text: string): string => text.trim().replace('\u2212', '-')
