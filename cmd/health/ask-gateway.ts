import { once } from 'node:events'
import { get, type IncomingMessage } from 'node:http'
import { json } from 'node:stream/consumers'
import type { Check } from './check.ts'

type Address = { readonly host: string; readonly port: number }

/** Longer than the gateway needs, which waits for each service for at most a second. */
const timeoutMs = 4_000
/** A gateway that listens on every address is asked by the loopback address. */
const own: Readonly<Record<string, string>> = { '0.0.0.0': '127.0.0.1', '::': '::1' }

/**
 * Asks the gateway at its public port whether all is ready, and only if not, its listener for operators what is wrong.
 * On a shared machine another gateway may have that listener's usual port, so it decides nothing.
 */
export async function askGateway(listens: Address, operations: Address): Promise<readonly Check[]> {
  const { status, body } = await ask(listens)
  if (body.ready === undefined) throw new Error(`/readyz was answered with ${status}`)
  if (body.ready) return []
  const { checks = [] } = (await ask(operations).catch(() => undefined))?.body ?? {}
  const failed = checks.filter(({ ready }) => !ready)
  return failed.length > 0 ? failed : [{ name: 'gateway', ready: false, detail: 'something is not ready' }]
}

/** Uses node:http, because loading fetch would take longer than the request. */
async function ask({ host: listensOn, port }: Address) {
  const host = own[listensOn] ?? listensOn
  const request = get({ host, port, path: '/readyz', agent: false, signal: AbortSignal.timeout(timeoutMs) })
  const [answer] = (await once(request, 'response')) as [IncomingMessage]
  const body = (await json(answer)) as { readonly ready?: boolean; readonly checks?: readonly Check[] }
  return { status: answer.statusCode, body }
}
