import { SMTPServer, type SMTPServerDataStream, type SMTPServerSession } from 'smtp-server'
import type { Log } from '../../platform/log.ts'
import { newId } from '../../platform/new-id.ts'
import type { Scope } from '../../platform/run.ts'
import type { MailFolder } from './mail-folder.ts'

export type ListenOptions = {
  readonly host: string
  readonly port: number
  readonly mostBytesOfMail: number
}

/** Takes every mail to everybody, whatever password is given: it sends none on. */
export async function listenForMail(
  scope: Scope,
  log: Log,
  folder: MailFolder,
  { host, port, mostBytesOfMail: size }: ListenOptions,
): Promise<void> {
  const server = new SMTPServer({
    ...{ size, authOptional: true, allowInsecureAuth: true, logger: false, banner: 'Tillstream inbox' },
    // It has no certificate that anybody would trust.
    ...{ disabledCommands: ['STARTTLS'], disableReverseLookup: true, hideSize: false },
    closeTimeout: 1_000,
    onAuth: ({ username }, _session, done) => done(null, { user: username ?? '' }),
    onData(stream, session, done) {
      keep(folder, stream, session).then(
        (isKept) => done(isKept ? null : refusal(552, 'this mail is too large for the inbox')),
        (err: unknown) => {
          log.error({ err }, 'a mail could not be kept')
          done(refusal(451, 'the inbox could not keep the mail'))
        },
      )
    },
  })
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, host, () => {
      server.off('error', reject)
      resolve()
    })
  })
  // A client that goes away in the middle of a mail.
  server.on('error', (err: unknown) => log.debug({ err }, 'a connection failed'))
  scope.onClose('smtp', () => new Promise<void>((resolve) => server.close(() => resolve())))
}

const refusal = (responseCode: number, words: string): Error =>
  Object.assign(new Error(words), { responseCode })

/** False when it is too large; it is read to its end all the same. */
async function keep(
  folder: MailFolder,
  stream: SMTPServerDataStream,
  { envelope }: SMTPServerSession,
): Promise<boolean> {
  const parts: Buffer[] = []
  for await (const part of stream as AsyncIterable<Buffer>) if (!stream.sizeExceeded) parts.push(part)
  if (stream.sizeExceeded) return false
  await folder.add({
    id: newId(),
    from: envelope.mailFrom === false ? '' : envelope.mailFrom.address,
    to: envelope.rcptTo.map(({ address }) => address),
    receivedAt: new Date().toISOString(),
    raw: Buffer.concat(parts),
  })
  return true
}
