// What text may be stored, and how long it may be. The schemas of the gateway and the domains of the services take it from
// here, so that no text passes one and fails in another. All lengths are in code points, as JSON Schema counts them: an
// emoji is one, or a few, and an accented letter is one once it is in NFC.

/** Longer texts are mistakes. */
export const textLengths = {
  productName: 200,
  /** One name of a path. */
  category: 100,
  /** All of its names. It must stay below the 2,704 bytes of an index entry. */
  categoryPath: 255,
  sku: 64,
  /** A value of an attribute, such as a colour. */
  attribute: 200,
  description: 10_000,
  imageUrl: 2_048,
  imageAlt: 500,
  /** A whole name, each letter of which may come in up to four parts. */
  search: 800,
  username: 64,
  /** The longest address that SMTP can carry (RFC 5321, with its erratum 1690). */
  email: 254,
  personName: 200,
  phone: 50,
  address: 1_000,
  /** What carriers print, and the lines of an address that people have. */
  addressLine: 200,
  city: 100,
  region: 100,
  postalCode: 20,
  /** Longer than any code that a person types. */
  promotionCode: 64,
  /** Of a shipping method, and how long it takes: both are shown in a list. */
  ruleName: 200,
  /** What customers read of a promotion. */
  ruleDescription: 500,
  /** Of a carrier, or the number under which it tells of a parcel. */
  carrier: 100,
  /** Enough for a sentence or two. */
  reason: 500,
  /** The same as Stripe's. It has room for a UUID with a prefix. */
  idempotencyKey: 255,
} as const

/** Of one unit of a product: a hundred tons, and more is a mistake. */
export const maxWeightGrams = 100_000_000

/** PostgreSQL has no NUL in text, UTF-8 has no lone surrogates, and no other control character means anything in a shop. */
const unstorable = /[\p{Cc}\p{Surrogate}]/u
const unstorableInLines = /[^\P{Cc}\t\n\r]|\p{Surrogate}/u

/** Text of one line, such as a name. */
export const isStorableLine = (text: string): boolean => !unstorable.test(text)

/** Text of several lines, such as a description, which may have tabs and line breaks. */
export const isStorable = (text: string): boolean => !unstorableInLines.test(text)

/** What PostgreSQL can hold at all: earlier versions stored control characters, which must stay readable. */
export const isReadable = (text: string): boolean => !/[\0\p{Surrogate}]/u.test(text)

/** As it is stored: equal for all ways to write the same characters, and without blanks around it. */
export const tidy = (text: string): string => text.normalize('NFC').trim()

/** In code points. */
export function lengthOf(text: string): number {
  let length = 0
  for (let at = 0; at < text.length; at++) {
    length++
    if (isPairAt(text, at)) at++
  }
  return length
}

/** The same as `lengthOf(text) <= max`, without counting most texts. */
export const isAtMost = (text: string, max: number): boolean => text.length <= max || lengthOf(text) <= max

/** In bytes of UTF-8. */
export function utf8Length(text: string): number {
  let bytes = 0
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at)
    if (code < 0x80) bytes += 1
    else if (code < 0x800) bytes += 2
    else if (isPairAt(text, at)) {
      bytes += 4
      at++
    } else bytes += 3
  }
  return bytes
}

/** In bytes, as `JSON.stringify` writes it, with its quotes. */
export function jsonLength(text: string): number {
  let escapes = 0
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at)
    if (code === 0x22 || code === 0x5c) escapes += 1
    else if (code < 0x20) escapes += shortEscapes.includes(code) ? 1 : 5
  }
  return utf8Length(text) + escapes + 2
}

/** \b, \t, \n, \f and \r; the others are \u and four digits. */
const shortEscapes: readonly number[] = [8, 9, 10, 12, 13]

const isPairAt = (text: string, at: number): boolean =>
  (text.charCodeAt(at) & 0xfc00) === 0xd800 && (text.charCodeAt(at + 1) & 0xfc00) === 0xdc00
