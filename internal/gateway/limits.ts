// What the edge accepts. Each figure has its reason; nothing larger reaches a service.

/** Some 5,000 order lines as JSON; an order has at most 1,000. */
export const bodyBytes = 512 * 1024

/** The largest real invoice has 687 products. */
export const linesPerOrder = 1_000

/** The largest real line has 74,215 units. */
export const quantityPerLine = 100_000

/** Of one look-up of stock: as many as an order can have. */
export const idsPerLookup = linesPerOrder

/** A page that a client shows at once. */
export const pageLength = { default: 20, max: 100 }

/** The contracts count units in 32 bits. */
export const units = 2_147_483_647

/** In characters: longer than real ones, short enough for lists of 100. */
export const productText = { name: 200, category: 100, sku: 64, description: 10_000, search: 200 }

/** A gallery of one product. */
export const images = { perProduct: 20, urlLength: 2_048 }

/** Of a person: as the user service has them; the e-mail's is SMTP's. */
export const userText = { login: 254, username: 64, password: 72, name: 200, phone: 50, address: 1_000 }

/** A sentence or two, for people. */
export const reasonLength = 500

/** Stripe's; room for a UUID with a prefix. */
export const idempotencyKeyLength = 255

/** Ours have some 150 characters; what is far longer was not made here. */
export const cursorLength = 2_000

/** Load balancers commonly give up on an answer after a minute. */
export const longestWaitSeconds = 30

/**
 * Answers that are the same for all. They are as old as this at most, even when no word of a change gets here; the
 * characters are some 20,000 products, or 1,000 pages.
 */
export const keptAnswers = { maxAgeMs: 1_000, maxCharacters: 16_777_216, maxChanges: 10_000 }

/**
 * Worked on at once, and how late the event loop may stand. Orders: enough for full batches although each step of an
 * order waits for a turn of a full loop (docs/adr/0013). Credentials: some two seconds of two cores' password threads,
 * refused before anything is looked up. Others: enough for pages of a shop; when the loop is late they give way to orders.
 */
export const admissionLimits = {
  orders: { underWay: 512, loopDelayMs: Infinity },
  credentials: { underWay: 64, loopDelayMs: 100 },
  others: { underWay: 512, loopDelayMs: 100 },
} as const
