import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { Scope } from '../platform/run.ts'
import { openIssuer, type Issuer, type IssuerClient, type Person } from './issuer.ts'
import { SetupError } from './setup-error.ts'
import { errorCode } from './system.ts'

const usualPort = 8_091
const host = '127.0.0.1'

export type LocalIssuerOptions = {
  /** 0: the usual one, or a free one where that is taken. */
  readonly port: number
  readonly client: IssuerClient
  readonly people?: readonly Person[]
}

/** Nobody has these addresses. One of them the provider has not verified. */
const somePeople: readonly Person[] = [
  { id: 'ada', name: 'Ada Lovelace', email: 'ada@example.com', isVerified: true },
  { id: 'grace', name: 'Grace Hopper', email: 'grace@example.com', isVerified: true },
  { id: 'eve', name: 'Eve', email: 'eve@example.com', isVerified: false },
]

/**
 * A provider of OpenID Connect on this machine, where everybody may be anybody of its people. It is loaded by the first
 * request, so that whoever does not try it does not wait for it.
 */
export async function openLocalIssuer(
  scope: Scope,
  { port, client, people = somePeople }: LocalIssuerOptions,
): Promise<{ readonly url: string }> {
  let url = ''
  let issuer: Promise<Issuer> | undefined
  const answer = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    issuer ??= openIssuer(url, client, people)
    await (
      await issuer
    )(request, response)
  }
  const server = createServer((request, response) => {
    answer(request, response).catch((err: unknown) => {
      response.statusCode = 500
      response.end(err instanceof Error ? err.message : 'failed')
    })
  })
  url = `http://${host}:${await listen(server, port)}`
  scope.onClose('identity provider', async () => {
    server.closeAllConnections()
    await new Promise((resolve) => server.close(resolve))
  })
  return { url }
}

/** A port that was asked for must be free; the usual one is replaced by a free one when it is taken. */
async function listen(server: Server, port: number): Promise<number> {
  try {
    return await listenAt(server, port || usualPort)
  } catch (err) {
    if (!['EADDRINUSE', 'EACCES'].includes(errorCode(err))) throw err
    if (port !== 0)
      throw new SetupError(`port ${port} of ${host} is taken; set LOCAL_OIDC_PORT to a free one`)
    return listenAt(server, 0)
  }
}

async function listenAt(server: Server, port: number): Promise<number> {
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, host, () => {
      server.off('error', reject)
      resolve()
    })
  })
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('a TCP server without a port')
  return address.port
}
