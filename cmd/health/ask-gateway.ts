import { json } from 'node:stream/consumers'
import type { Check } from './check.ts'
import { request, type Address } from './request.ts'

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

async function ask(listens: Address) {
  const answer = await request(listens, '/readyz')
  const body = (await json(answer)) as { readonly ready?: boolean; readonly checks?: readonly Check[] }
  return { status: answer.statusCode, body }
}
