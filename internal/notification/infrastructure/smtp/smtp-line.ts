import { Readable } from 'node:stream'
import SMTPConnection from 'nodemailer/lib/smtp-connection'
import type { Outcome } from '../../application/ports.ts'
import type { SmtpAddress } from './smtp-address.ts'

/** A connection to a mail server that has let us in. */
export type SmtpLine = {
  readonly send: (to: { readonly from: string; readonly to: string }, message: Buffer) => Promise<Outcome>
  readonly isOpen: () => boolean
  readonly close: () => void
}

/** The mail server does not take mails just now. Its words are left out: they may name somebody. */
export class MailServerError extends Error {
  constructor(code: string) {
    super(`the mail server takes no mails: ${code}`)
    this.name = 'MailServerError'
  }
}

export async function openLine(address: SmtpAddress, timeoutMs: number): Promise<SmtpLine> {
  const { host, port, secure, requireTLS, user, password } = address
  const connection = new SMTPConnection({
    ...{ host, port, secure, requireTLS },
    ...{
      connectionTimeout: timeoutMs,
      greetingTimeout: timeoutMs,
      socketTimeout: timeoutMs,
      dnsTimeout: timeoutMs,
    },
    socketCloseTimeout: 1_000,
  })
  let broken: unknown
  let isOpen = true
  connection.on('error', (err: unknown) => {
    broken = err
    isOpen = false
  })
  connection.on('end', () => void (isOpen = false))
  try {
    await settled((done) => connection.connect(done), connection, timeoutMs)
    if (user !== '')
      await settled(
        (done) => connection.login({ credentials: { user, pass: password } }, done),
        connection,
        timeoutMs,
      )
  } catch (err) {
    connection.close()
    throw new MailServerError(codeOf(broken ?? err))
  }
  return {
    isOpen: () => isOpen,
    close: () => connection.quit(),
    send: (envelope, message) => sendOn(connection, envelope, message, timeoutMs),
  }
}

type Done = (err?: Error | null) => void

/** Ends with the answer, with the connection, or when the time is over, whatever comes first. */
function settled(ask: (done: Done) => void, connection: SMTPConnection, timeoutMs: number): Promise<void> {
  return new Promise((resolve, reject) => {
    const end = (err?: Error | null): void => {
      clearTimeout(timer)
      connection.off('error', end)
      connection.off('end', ended)
      if (err) reject(err)
      else resolve()
    }
    const ended = (): void => end(new Error('the connection has ended'))
    const timer = setTimeout(() => end(new Error('no answer in time')), timeoutMs)
    connection.on('error', end)
    connection.on('end', ended)
    ask(end)
  })
}

/**
 * A refusal of the server proves that the mail was not taken. Without an answer that is proven only as long as no byte of
 * the mail itself has been asked for.
 */
async function sendOn(
  connection: SMTPConnection,
  { from, to }: { readonly from: string; readonly to: string },
  message: Buffer,
  timeoutMs: number,
): Promise<Outcome> {
  const mail = { isBegun: false }
  const stream = new Readable({
    read() {
      mail.isBegun = true
      this.push(message)
      this.push(null)
    },
  })
  try {
    await settled(
      (done) => connection.send({ from, to: [to] }, stream, (err) => done(err)),
      connection,
      timeoutMs,
    )
    return { kind: 'sent' }
  } catch (err) {
    const status = (err as { readonly responseCode?: unknown }).responseCode
    if (typeof status === 'number' && status >= 400)
      return { kind: 'refused', isFinal: status >= 500, failure: `smtp-${status}` }
    connection.close()
    if (mail.isBegun) return { kind: 'unknown', failure: codeOf(err) }
    return { kind: 'refused', isFinal: false, failure: codeOf(err) }
  }
}

/** Words of our own: those of a server may name the recipient. */
function codeOf(err: unknown): string {
  const { code, responseCode } = err as { readonly code?: unknown; readonly responseCode?: unknown }
  if (typeof responseCode === 'number') return `smtp-${responseCode}`
  return typeof code === 'string' && /^[A-Z]{2,20}$/.test(code) ? code : 'no-answer'
}
