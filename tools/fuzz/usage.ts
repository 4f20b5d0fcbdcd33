import { flag, httpUrl, text, whole } from '../shared/options.ts'
import { readCommandLine } from '../shared/usage.ts'

const command = {
  forms: ['npm run fuzz [-- OPTIONS]'],
  about:
    'Sends valid, extreme and wrong requests to every route of the OpenAPI document, and checks each answer.',
  options: {
    requests: whole({ from: 1, to: 10_000_000, otherwise: 20_000, help: 'how many requests are sent' }),
    seed: whole({
      ...{ from: 0, to: 4_294_967_295, otherwise: undefined },
      help: 'the same seed makes the same requests; each run has a new one by default',
    }),
    only: text('ID,…', 'requests these operations of the document only, by their operationId'),
    url: httpUrl(
      'a running shop, with the ADMIN_EMAIL and ADMIN_PASSWORD of its administrator in the environment; ' +
        'by default the tool starts a stack of its own',
    ),
    json: flag('prints one JSON object at the end'),
  },
  after: 'Exit code 1: an answer was not as documented, or the shop was not well afterwards.',
  // Requests are written to a plain socket, so TLS is not possible.
  complain: ({ url }: { readonly url: string | undefined }) =>
    url?.startsWith('https:') ? '--url must begin with http://' : undefined,
}

export type Usage = {
  readonly requests: number
  readonly seed: number
  /** Undefined for all operations. */
  readonly only: readonly string[] | undefined
  readonly url: string | undefined
  readonly isJson: boolean
}

/** Returns a text when help was asked for. */
export function parseUsage(args: readonly string[], newSeed: number): Usage | string {
  const said = readCommandLine(command, args)
  if (typeof said === 'string') return said
  const { requests, seed = newSeed, only, url, json } = said.values
  return { requests, seed, only: only?.split(','), url, isJson: json }
}
