import { once } from 'node:events'
import { get, type IncomingMessage } from 'node:http'

export type Address = { readonly host: string; readonly port: number }

/** Longer than the gateway needs, which waits for each service for at most a second. */
const timeoutMs = 4_000
/** A server that listens on every address is asked by the loopback address. */
const own: Readonly<Record<string, string>> = { '0.0.0.0': '127.0.0.1', '::': '::1' }

/** Uses node:http, because loading fetch would take longer than the request. */
export async function request({ host: listensOn, port }: Address, path: string): Promise<IncomingMessage> {
  const host = own[listensOn] ?? listensOn
  const asked = get({ host, port, path, agent: false, signal: AbortSignal.timeout(timeoutMs) })
  const [answer] = (await once(asked, 'response')) as [IncomingMessage]
  return answer
}
