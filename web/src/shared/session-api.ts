import { openShop, type Operations, type Tokens } from 'tillstream-sdk'
import { sendWatched } from './service-state.ts'
import type { Store } from './store.ts'

/**
 * The operations of the API for whoever is logged in now. Each sends an Idempotency-Key, repeats what may be repeated, and
 * refreshes the session. Tabs share the session, because a refresh token is good once.
 */
export function sessionApi(session: Store<Tokens | undefined>): () => Operations {
  let opened: Tokens | undefined
  let operations: Operations | undefined

  function open(tokens: Tokens | undefined): Operations {
    opened = tokens
    return openShop({
      baseUrl: location.origin,
      ...(tokens ? { tokens } : {}),
      fetch: sendWatched,
      onTokens(next) {
        opened = next && { accessToken: next.accessToken, refreshToken: next.refreshToken }
        session.set(opened)
      },
    })
  }

  return () => {
    const tokens = session.get()
    // Another tab has refreshed, logged in or logged out.
    if (operations === undefined || tokens?.refreshToken !== opened?.refreshToken) operations = open(tokens)
    return operations
  }
}
