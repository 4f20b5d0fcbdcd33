import type { Failpoint } from '../../internal/platform/failpoint.ts'
import type { Faults } from '../../internal/payment-sandbox/domain/faults.ts'
import type { Charge } from './charges.ts'
import type { FaultKind } from './fault-kinds.ts'
import type { Random } from '../shared/random.ts'
import type { Runner } from './runner-port.ts'
import type { Messages } from './messages/open-messages.ts'
import type { TcpProxy } from '../../internal/platform/testing/tcp-proxy.ts'

export type Service = Runner & {
  /** The name of the folder in cmd/. "stack" means all services in one process. */
  readonly service: string
  /** Starts a process that dies at the failpoint, at most so long after its start, and resolves with its output. */
  readonly dieAt: (failpoint: Failpoint, passage: number, withinMs: number) => Promise<string>
  /** Shifts the clock of the process by these milliseconds, and resolves with the time that it then has. */
  readonly setClock: (offsetMs: number) => Promise<number>
}

/** A small disk, which can be filled. */
export type Disk = {
  readonly fill: () => Promise<number>
  readonly free: () => Promise<void>
}

/** The payment sandbox, which stands in for the provider of payments. */
export type Provider = Runner & {
  readonly url: string
  /**
   * Goes wrong in this way from now on, besides what goes wrong already; undefined: its calls and webhooks go right
   * again.
   */
  readonly misbehave: (change: Partial<Faults> | undefined) => Promise<Faults>
  readonly charges: () => Promise<readonly Charge[]>
  /** Does something as at the provider's dashboard: `refund` or `dispute` of a charge. Rejects when it is refused. */
  readonly act: (ref: string, what: 'refund' | 'dispute', body: object) => Promise<void>
  /** What it has decided and stored, a line for each request. */
  readonly journal: () => Promise<string>
}

export type Field = {
  /** These URLs lead directly to the servers and not through the proxies. */
  readonly databaseUrl: string
  readonly natsUrl: string
  readonly postgres: Runner & {
    /** The ids of the server's process and of the processes that serve its sessions. */
    readonly pids: () => Promise<readonly number[]>
  }
  readonly nats: Runner & {
    readonly storeDir: string
    /** Uses another nats-server from the next start on. Undefined when there is no other one. */
    readonly useNewer: (() => Promise<string>) | undefined
  }
  readonly provider: Provider
  /** Who gets mails and webhooks; undefined when nobody does. */
  readonly messages: Messages | undefined
  readonly disks: { readonly postgres: Disk | undefined; readonly nats: Disk | undefined }
  readonly services: readonly Service[]
  /** One more replica of each service, which is not running. */
  readonly spares: readonly Service[]
  readonly lines: { readonly postgres: TcpProxy; readonly nats: TcpProxy }
  /** The ids of the products. */
  readonly products: () => readonly string[]
  /** A folder for temporary files. */
  readonly dir: string
  /** The faults that are impossible on this machine, with the reason. */
  readonly skipped: ReadonlyMap<FaultKind, string>
}

/** Causes the fault and repairs it. Returns what proves that it happened. */
export type Fault = (field: Field, random: Random) => Promise<string>
