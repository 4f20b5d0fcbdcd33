import { pino, type Logger } from 'pino'

export type Log = Logger
export type LogLevel = 'trace' | 'debug' | 'info' | 'warn' | 'error' | 'fatal' | 'silent'

/** JSON lines on standard error: standard output belongs to what a command prints for its user. */
export function createLog(name: string, level: LogLevel): Log {
  return pino(
    { name, level, redact: { paths: ['password', '*.password', 'req.headers.authorization'] } },
    pino.destination(2),
  )
}
