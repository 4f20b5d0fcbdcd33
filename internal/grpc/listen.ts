import { readFileSync } from 'node:fs'
import { isIPv6 } from 'node:net'
import { ServerCredentials, type Server } from '@grpc/grpc-js'
import type { GrpcAddress } from '../platform/grpc-settings.ts'
import { ListenError, listenError } from '../platform/listen-error.ts'

/** The paths of a certificate and its key; both empty: without TLS. */
export type TlsFiles = { readonly cert: string; readonly key: string }

/** Returns the address on which it listens. A port that was asked for must be free. */
export async function listen(
  server: Server,
  wanted: GrpcAddress & { readonly variable: string },
  tls: TlsFiles,
): Promise<string> {
  const credentials = credentialsOf(tls)
  const { host, port, isGiven, variable } = wanted
  const named = isIPv6(host) ? `[${host}]` : host
  try {
    return `${named}:${await bind(server, `${named}:${port}`, credentials)}`
  } catch (err) {
    if (!isGiven && codeOf(err) === 'EADDRINUSE')
      return `${named}:${await bind(server, `${named}:0`, credentials)}`
    throw listenError({ code: codeOf(err) }, { host, port, portSetting: variable, hostSetting: variable })
  }
}

const bind = (server: Server, address: string, credentials: ServerCredentials): Promise<number> =>
  new Promise((resolve, reject) => {
    server.bindAsync(address, credentials, (err, port) => (err ? reject(err) : resolve(port)))
  })

/** The library tells the system's error in its text only. */
const codeOf = (err: unknown): string | undefined =>
  err instanceof Error ? /\bE[A-Z]{4,}\b/.exec(err.message)?.[0] : undefined

function credentialsOf({ cert, key }: TlsFiles): ServerCredentials {
  if (cert === '') return ServerCredentials.createInsecure()
  const pair = { cert_chain: readOr(cert, 'GRPC_TLS_CERT'), private_key: readOr(key, 'GRPC_TLS_KEY') }
  try {
    return ServerCredentials.createSsl(null, [pair])
  } catch (err) {
    throw new ListenError(
      'TLS',
      `GRPC_TLS_CERT and GRPC_TLS_KEY must be a certificate and its key: ${String(err)}`,
    )
  }
}

function readOr(file: string, setting: string): Buffer {
  try {
    return readFileSync(file)
  } catch {
    throw new ListenError('TLS', `${setting} must be a file that can be read: ${file}`)
  }
}
