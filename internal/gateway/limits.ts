import { textLengths } from '../platform/text.ts'

// What the gateway accepts. Each limit has its reason, and nothing larger reaches a service. The lengths of text are those
// of the services.

/**
 * The largest bodies of routes, in bytes. `usual` is for a reason of 500 characters, each of which JSON may escape with
 * twelve bytes; routes that take more say so. Each of the others has room for the largest valid body: the profile of a
 * registration with all of its text escaped, 1,000 ids, the escaped text of a product, 1,000 order lines with a few
 * attributes, a payment provider's message with a whole payment in it.
 */
export const bodyBytes = {
  usual: 8 * 1024,
  login: 4 * 1024,
  account: 32 * 1024,
  ids: 64 * 1024,
  product: 192 * 1024,
  order: 256 * 1024,
  webhook: 256 * 1024,
} as const

/** Lists and objects of JSON may lie so deep in each other. The bodies of the API need four. */
export const deepestJson = 32

/** The largest real invoice has 687 products. */
export const linesPerOrder = 1_000

/** The largest real line has 74,215 units. */
export const quantityPerLine = 100_000

/** One look-up of stock may ask for as many products as an order can have. */
export const idsPerLookup = linesPerOrder

/** A page that a client shows at once. */
export const pageLength = { default: 20, max: 100 }

/** The most units of a product, and of one adjustment: the same as in the inventory service. */
export const units = 1_000_000_000

export const productText = {
  name: textLengths.productName,
  category: textLengths.category,
  sku: textLengths.sku,
  description: textLengths.description,
  search: textLengths.search,
}

/** Enough for a gallery of one product. */
export const images = { perProduct: 20, urlLength: textLengths.imageUrl }

/** A password is measured by the user service, in bytes and after it was brought into one form. */
export const userText = {
  login: textLengths.email,
  username: textLengths.username,
  password: 72,
  name: textLengths.personName,
  phone: textLengths.phone,
  address: textLengths.address,
}

export const reasonLength = textLengths.reason

export const idempotencyKeyLength = textLengths.idempotencyKey

/** Our cursors have some 150 characters, so a much longer one was not made by us. */
export const cursorLength = 2_000

/** Shorter than a minute, after which load balancers commonly give up. */
export const longestWaitSeconds = 30

/**
 * For cached answers that are the same for everybody. No answer is older than `maxAgeMs`, even when the gateway misses
 * the event of a change. The characters are enough for some 20,000 products or 1,000 pages.
 */
export const keptAnswers = { maxAgeMs: 1_000, maxCharacters: 16_777_216, maxChanges: 10_000 }

/**
 * How many requests are worked on at once, and how late the event loop may be. The limit for orders is enough for full
 * batches, although each step of an order waits for a turn of a busy loop (docs/adr/0013). The limit for credentials
 * is some two seconds of work for the password threads of two cores. The limit for others is enough for the pages of a
 * shop; when the loop is late, they give way to orders.
 */
export const admissionLimits = {
  orders: { underWay: 512, loopDelayMs: Infinity },
  credentials: { underWay: 64, loopDelayMs: 100, isShared: true },
  others: { underWay: 512, loopDelayMs: 100 },
} as const
