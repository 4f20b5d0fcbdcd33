/** Keeps the system's error code. The message is one line for the person who starts the process. */
export class ListenError extends Error {
  readonly code: string

  constructor(code: string, message: string) {
    super(message)
    this.name = 'ListenError'
    this.code = code
  }
}

type Wanted = {
  readonly host: string
  readonly port: number
  /** The environment variables that say so. */
  readonly hostSetting: string
  readonly portSetting: string
}

export function listenError(err: unknown, wanted: Wanted): Error {
  const { code } = err as { readonly code?: unknown }
  const explain = typeof code === 'string' ? explanations[code] : undefined
  if (explain) return new ListenError(String(code), explain(wanted))
  return err instanceof Error ? err : new Error(String(err))
}

const noAddress = ({ host, hostSetting }: Wanted): string =>
  `${host} is no address of this machine; set ${hostSetting} to one that is`

const explanations: Readonly<Record<string, (wanted: Wanted) => string>> = {
  EADDRINUSE: ({ host, port, portSetting }) =>
    `port ${port} of ${host} is taken; set ${portSetting} to a free one`,
  EACCES: ({ host, port, portSetting }) =>
    `this user may not listen on port ${port} of ${host}; set ${portSetting} to 1024 or higher`,
  EADDRNOTAVAIL: noAddress,
  ENOTFOUND: noAddress,
}
