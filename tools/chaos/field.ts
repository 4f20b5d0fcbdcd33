import type { Failpoint } from '../../internal/platform/failpoint.ts'
import type { FaultKind } from './fault-kinds.ts'
import type { Random } from '../shared/random.ts'
import type { TcpProxy } from '../../internal/platform/testing/tcp-proxy.ts'

/** A process of the campaign. One that ends by itself is started again, and that is remembered. */
export type Runner = {
  readonly name: string
  readonly pid: () => number | undefined
  /** Resolves when it is ready; a start that fails is tried again for a while. */
  readonly start: () => Promise<void>
  /** Sends the signal and resolves when it is gone; it stays away until `start`. */
  readonly end: (signal: NodeJS.Signals) => Promise<void>
  /** All that it has printed so far. */
  readonly log: () => Promise<string>
  /** Times it has ended without being told to. */
  readonly unplannedEnds: () => number
}

export type Service = Runner & {
  /** Which cmd/<service>; "stack" is all in one. */
  readonly service: string
  /** Starts it to die at the failpoint; resolves with what it has printed. Throws when it lives longer. */
  readonly dieAt: (failpoint: Failpoint, passage: number, withinMs: number) => Promise<string>
  /** Milliseconds that its clock is off from now on; resolves with the time that it then has. */
  readonly setClock: (offsetMs: number) => Promise<number>
}

/** A small disk of its own, so that it can be full. */
export type Disk = {
  readonly fill: () => Promise<number>
  readonly free: () => Promise<void>
}

export type Field = {
  /** Straight to the servers, past the proxies. */
  readonly databaseUrl: string
  readonly natsUrl: string
  readonly postgres: Runner & {
    /** The server with the processes that serve its sessions. */
    readonly pids: () => Promise<readonly number[]>
  }
  readonly nats: Runner & {
    readonly storeDir: string
    /** From the next start on. Undefined: no other nats-server is at hand. */
    readonly useNewer: (() => Promise<string>) | undefined
  }
  readonly disks: { readonly postgres: Disk | undefined; readonly nats: Disk | undefined }
  readonly services: readonly Service[]
  /** A second one of what there is only one of, or a third; not running. */
  readonly spares: readonly Service[]
  readonly lines: { readonly postgres: TcpProxy; readonly nats: TcpProxy }
  /** Products in stock. */
  readonly products: () => readonly string[]
  /** For scratch files. */
  readonly dir: string
  /** Faults that this machine cannot do, and why. */
  readonly skipped: ReadonlyMap<FaultKind, string>
}

/** Does it, heals it, and answers with what proves that it happened. */
export type Fault = (field: Field, random: Random) => Promise<string>

/** It could not be done, or had no effect: the campaign has not tested it. */
export class NotExercised extends Error {
  constructor(message: string) {
    super(message)
    this.name = 'NotExercised'
  }
}
