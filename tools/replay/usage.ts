import type { OpeningStock } from './domain/opening.ts'
import { httpUrl, whole, wholeNumber, type Option } from '../shared/options.ts'
import { readCommandLine } from '../shared/usage.ts'

/** This is below the API's limit for the stock of a product. */
const maxOpening = 1_000_000

const openingStock: Option<OpeningStock> = {
  takes: 'N|enough',
  help: `units of each product (0 to ${maxOpening}), or "enough", the default: as many as the file sells of it`,
  otherwise: 'enough',
  read: (given, name) => (given === 'enough' ? given : wholeNumber(given, name, 0, maxOpening)),
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
    concurrency: whole({
      from: 1,
      to: 256,
      otherwise: 16,
      help: 'how many requests are made at the same time',
    }),
  },
  after:
    'Exit code 0: every product agrees and the audit is clean; 1: something differs; 2: the command line, a setting or the ' +
    'file is wrong. docs/replay.md has the rules.',
}

export type Usage = {
  readonly path: string
  /** Undefined for the local stack. */
  readonly url: string | undefined
  readonly opening: OpeningStock
  readonly concurrency: number
}

/** Returns a text when help was asked for. */
export function parseUsage(args: readonly string[]): Usage | string {
  const said = readCommandLine(command, args)
  if (typeof said === 'string') return said
  const { url, 'opening-stock': opening, concurrency } = said.values
  return { path: said.operand, url, opening, concurrency }
}
