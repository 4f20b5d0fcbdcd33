import type { OpeningStock } from './domain/opening.ts'
import { ways, type Through } from './domain/through.ts'
import { httpUrl, text, UsageError, whole, wholeNumber, type Option } from '../shared/options.ts'
import { readCommandLine } from '../shared/usage.ts'

/** This is below the API's limit for the stock of a product. */
const maxOpening = 1_000_000

const openingStock: Option<OpeningStock> = {
  takes: 'N|enough',
  help: `units of each product (0 to ${maxOpening}), or "enough", the default: as many as the file sells of it`,
  otherwise: 'enough',
  read: (given, name) => (given === 'enough' ? given : wholeNumber(given, name, 0, maxOpening)),
}

const through: Option<Through> = {
  takes: ways.join('|'),
  help:
    '"orders", the default: each invoice is a POST /orders, and nobody pays; "checkout": each invoice is put into a cart and ' +
    'bought with POST /checkout, even invoice numbers with a card at the payment sandbox, odd ones on invoice, and every ' +
    'cent is compared. It needs a shop with PAYMENT_ATTEMPTS_PER_HOUR=100000',
  otherwise: 'orders',
  read(given, name) {
    const way = ways.find((one) => one === given)
    if (way) return way
    throw new UsageError(`${name} must be ${ways.join(' or ')}`)
  },
}

const command = {
  forms: ['npm run replay -- FILE [OPTIONS]'],
  about:
    'Replays the orders of FILE (.csv or .csv.gz) to a running stack through the REST API alone, and compares the stock in the ' +
    'end with the file.',
  operand: 'FILE',
  options: {
    url: httpUrl('the stack, such as http://localhost:8080; by default the one that `npm start` runs'),
    'opening-stock': openingStock,
    through,
    sandbox: httpUrl(
      'with --through checkout: the payment sandbox, whose charges are compared, too; by default that of a local stack',
    ),
    html: text('FILE', 'writes the report to this file, with plots'),
    concurrency: whole({
      from: 1,
      to: 256,
      otherwise: 16,
      help: 'how many requests are made at the same time',
    }),
  },
  after:
    'Exit code 0: every product and every cent agrees and the audit is clean; 1: something differs; 2: the command line, a setting or the ' +
    'file is wrong. docs/replay.md has the rules.',
}

export type Usage = {
  readonly path: string
  /** Undefined for the local stack. */
  readonly url: string | undefined
  readonly opening: OpeningStock
  readonly through: Through
  /** Undefined for that of the local stack. */
  readonly sandbox: string | undefined
  readonly html: string | undefined
  readonly concurrency: number
}

/** Returns a text when help was asked for. */
export function parseUsage(args: readonly string[]): Usage | string {
  const said = readCommandLine(command, args)
  if (typeof said === 'string') return said
  const { 'opening-stock': opening, ...values } = said.values
  if (values.sandbox !== undefined && values.through !== 'checkout')
    throw new UsageError('--sandbox goes with --through checkout')
  return { path: said.operand, opening, ...values }
}
