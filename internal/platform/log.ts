import { pino, type Logger } from 'pino'

export type Log = Logger
export type LogLevel = 'trace' | 'debug' | 'info' | 'warn' | 'error' | 'fatal' | 'silent'

/** Writes JSON lines to standard error, because standard output is for what a command prints for its user. */
export function createLog(name: string, level: LogLevel): Log {
  return pino(
    { name, level, redact: { paths: ['password', '*.password', 'req.headers.authorization'] } },
    pino.destination(2),
  )
}
