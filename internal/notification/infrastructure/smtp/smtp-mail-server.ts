import type { Scope } from '../../../platform/run.ts'
import type { Carrier } from '../../application/ports.ts'
import type { MailSender } from '../../domain/mail-sender.ts'
import type { SmtpAddress } from './smtp-address.ts'
import { openLine, type SmtpLine } from './smtp-line.ts'
import { messageOf } from './smtp-message.ts'

/** A line that nobody needs for so long is closed: servers drop it soon after. */
const idleMs = 3_000

/** Sends over SMTP. A line that is given back takes the next mail, so that not each one costs a handshake. */
export function smtpMailServer(
  scope: Scope,
  {
    address,
    from,
    timeoutMs,
  }: { readonly address: SmtpAddress; readonly from: MailSender; readonly timeoutMs: number },
): Carrier {
  const idle = new Map<SmtpLine, NodeJS.Timeout>()
  scope.onClose('mail server', async () => {
    for (const line of idle.keys()) drop(line)
  })

  function drop(line: SmtpLine): void {
    clearTimeout(idle.get(line))
    idle.delete(line)
    line.close()
  }

  function takeIdle(): SmtpLine | undefined {
    for (const [line, timer] of idle) {
      clearTimeout(timer)
      idle.delete(line)
      if (line.isOpen()) return line
    }
    return undefined
  }

  return {
    compose: async (mail) => ({ to: mail.to.email, bytes: await messageOf(mail, from) }),
    async connect() {
      const line = takeIdle() ?? (await openLine(address, timeoutMs))
      return {
        send: ({ to, bytes }) => line.send({ from: from.address, to }, bytes),
        release() {
          if (line.isOpen()) idle.set(line, setTimeout(() => drop(line), idleMs).unref())
        },
      }
    },
  }
}
