import { inboxSettings, usualInboxPort } from '../../internal/config/inbox-settings.ts'
import { readEnvironment } from '../../internal/config/read-settings.ts'
import { sandboxSettings, usualSandboxPort } from '../../internal/config/sandbox-settings.ts'
import type { Check } from './check.ts'
import { request, type Address } from './request.ts'

/** Asks the inbox or the payment sandbox, which are ready when they answer. */
export async function askStandIn(name: string): Promise<readonly Check[]> {
  const answer = await request(addressOf(name), '/healthz')
  answer.resume()
  const { statusCode = 0 } = answer
  if (statusCode !== 200) throw new Error(`/healthz was answered with ${statusCode}`)
  return []
}

function addressOf(name: string): Address {
  const { inboxHost, inboxPort } = inboxSettings
  const { sandboxHost, sandboxPort } = sandboxSettings
  const read = readEnvironment({ inboxHost, inboxPort, sandboxHost, sandboxPort })
  return name === 'inbox'
    ? { host: read.inboxHost, port: read.inboxPort || usualInboxPort }
    : { host: read.sandboxHost, port: read.sandboxPort || usualSandboxPort }
}
