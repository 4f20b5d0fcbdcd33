import { createClient } from './gen/client/index.js'
import { Operations } from './gen/sdk.gen.js'
import { sendPatiently, usualPatience, type Patience } from './patience.js'
import { shopError } from './problem.js'
import { openSession, type Tokens } from './session.js'
import { shopFetch } from './shop-fetch.js'

export type ShopOptions = {
  /** Where the API is, such as https://api.shop.example. */
  readonly baseUrl: string
  /** Of a back end. Nobody logs in then. */
  readonly apiKey?: string
  /** Of an earlier login, as `onTokens` had them. */
  readonly tokens?: Tokens
  /** Is told each new pair, to keep it, and undefined when the session is over. */
  readonly onTokens?: (tokens: Tokens | undefined) => void | Promise<void>
  readonly patience?: Partial<Patience>
  /** In the place of the global `fetch`. */
  readonly fetch?: (request: Request) => Promise<Response>
}

/** The operations of the API by their names. Each resolves to its answer and rejects with a ShopError. */
export function openShop(options: ShopOptions): Operations {
  const { baseUrl, apiKey = '', tokens, onTokens = () => undefined } = options
  const send = options.fetch ?? ((request: Request) => fetch(request))
  const patience = { ...usualPatience, ...options.patience }
  const refresh = (refreshToken: string): Promise<Response> => {
    const body = JSON.stringify({ refreshToken })
    // Repeated soon, it gives the same pair again.
    const headers = { 'content-type': 'application/json', 'idempotency-key': crypto.randomUUID() }
    const request = new Request(`${baseUrl}/auth/refresh`, { method: 'POST', headers, body })
    return sendPatiently(request, send, patience)
  }
  const session = openSession({ tokens, onTokens, refresh })
  const sendAsShop = shopFetch({ send, patience, session, apiKey })
  const client = createClient({
    ...{ baseUrl, throwOnError: true },
    fetch: (input, init) => sendAsShop(new Request(input, init)),
  })
  client.interceptors.error.use((err, response) =>
    // The type says otherwise, but there is no response where `fetch` has failed.
    (response as Response | undefined) ? shopError(response.status, err) : err,
  )
  return new Operations({ client })
}
