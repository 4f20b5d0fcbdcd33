import { readFile } from 'node:fs/promises'
import path from 'node:path'

/** Where the running local stack can be reached; it writes DATA_DIR/stack.json. */
export type StackFile = {
  /** The database that all services share but for those with one of their own. */
  readonly databaseUrl: string
  /** The database of each service that stores something, by its name. */
  readonly databases: Readonly<Record<string, string>>
  /** With the credentials of the broker's owner, for tools on this machine. The file is readable by its owner only. */
  readonly natsUrl: string
  /** The folder of the uploaded images. */
  readonly imagesDir?: string
  /** The same broker for a subscriber, who can only read events. Absent when the broker is not the stack's own. */
  readonly subscriberUrl?: string | undefined
  readonly url: string
  /** Where operators ask: /metrics and the whole /readyz. */
  readonly operationsUrl: string
  /** The payment sandbox; absent in production. */
  readonly paymentSandboxUrl?: string | undefined
  /** The page of the inbox; absent where mails go to another server, or nobody gets any. */
  readonly inboxUrl?: string | undefined
  /** The identity provider for trying; absent in production. */
  readonly identityProviderUrl?: string | undefined
  /** Where services answer gRPC, by their names: 127.0.0.1:50051. */
  readonly grpc: Readonly<Record<string, string>>
}

/** Undefined: no stack runs on that directory. */
export async function readStackFile(dataDir: string): Promise<StackFile | undefined> {
  try {
    const text = await readFile(path.join(dataDir, 'stack.json'), 'utf8')
    return JSON.parse(text) as StackFile // written by cmd/stack, whole or not at all
  } catch {
    return undefined
  }
}
