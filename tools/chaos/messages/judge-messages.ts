import { groupBy, ruleOf, type Rule } from '../rule.ts'
import type { EndMail, EndMessages, WantedEvent } from './end-messages.ts'
import type { HookCall } from './receiver.ts'

/** What became of mails and webhooks, in numbers. */
export type MessagesMoved = {
  readonly mails: number
  readonly unknown: number
  readonly skipped: number
  /** Events that endpoints wanted, and the calls in which they came. */
  readonly wanted: number
  readonly calls: number
}

/** What these say may be over before they are sent. All else is sent whatever happens. */
const mayBeSkipped: readonly string[] = [
  'order.hold-ending',
  'account.email-verification',
  'account.password-reset',
]

/** Compares what has arrived at mailboxes and endpoints with what the events ask for. */
export function judgeMessages(end: EndMessages): {
  readonly rules: readonly Rule[]
  readonly counts: MessagesMoved
} {
  const { mails, wanted, calls } = end
  const having = (status: string): number => mails.filter((mail) => mail.status === status).length
  return {
    rules: [...judgeMails(end), ...judgeWebhooks(end)],
    counts: {
      ...{ mails: mails.length, unknown: having('unknown'), skipped: having('skipped') },
      ...{ wanted: wanted.length, calls: calls.length },
    },
  }
}

function judgeMails({ expectedMails, mails, arrived }: EndMessages): readonly Rule[] {
  const keyOf = ({ event, kind }: { readonly event: string; readonly kind: string }) => `${kind} of ${event}`
  const rows = groupBy(mails, keyOf)
  const copies = groupBy(arrived, (id) => id)
  const known = new Set(mails.map(({ id }) => id))
  const told = new Set(expectedMails.map(({ event }) => event))
  /** Poison on the streams speaks of orders that there are not, and nobody gets a mail of them. */
  const isInvented = (mail: EndMail): boolean =>
    !told.has(mail.event) && mail.status === 'skipped' && mail.failure === 'gone' && !copies.has(mail.id)
  return [
    ruleOf('for each event that people are told of there is one mail', expectedMails, (expected) => {
      const found = rows.get(keyOf(expected))?.length ?? 0
      return found === 1 ? undefined : `${keyOf(expected)} is there ${found} times`
    }),
    ruleOf(
      'a mail arrives once, or it is recorded that nobody knows, and then at most once',
      mails,
      (mail) => (isInvented(mail) ? undefined : mailTrouble(mail, copies.get(mail.id)?.length ?? 0)),
    ),
    ruleOf('what is in the inbox was sent by the shop', arrived, (id) =>
      known.has(id) ? undefined : `${id} is nobody's mail`,
    ),
  ]
}

function mailTrouble({ id, kind, status, failure, isOfErased }: EndMail, copies: number): string | undefined {
  const isRight =
    (status === 'sent' && copies === 1) ||
    (status === 'unknown' && copies <= 1) ||
    (status === 'skipped' && (isOfErased || mayBeSkipped.includes(kind)) && copies === 0)
  return isRight ? undefined : `${kind} ${id} is ${status} ${failure} and arrived ${copies} times`
}

function judgeWebhooks({ wanted, calls }: EndMessages): readonly Rule[] {
  const keyOf = ({ endpoint, event }: Pick<HookCall, 'endpoint' | 'event'>): string => `${endpoint} ${event}`
  const taken = new Set(calls.flatMap((call) => (call.isTaken ? [keyOf(call)] : [])))
  const byKey = new Map(wanted.map((each) => [keyOf(each), each]))
  const before = predecessors(wanted)
  const takenSoFar = new Set<string>()
  return [
    ruleOf('an endpoint has taken each event that it wants', wanted, (each) =>
      taken.has(keyOf(each)) ? undefined : `${keyOf(each)} (${each.type}) was never taken`,
    ),
    ruleOf(
      'an endpoint gets an event when it has taken the one before of the same subject',
      calls,
      (call) => {
        const earlier = before.get(keyOf(call))
        if (call.isTaken) takenSoFar.add(keyOf(call))
        if (earlier === undefined || takenSoFar.has(keyOf(earlier))) return undefined
        return `${keyOf(call)} (${call.type}) came before ${earlier.event} (${earlier.type}) was taken`
      },
    ),
    ruleOf('an endpoint gets only what it wants', calls, (call) =>
      byKey.get(keyOf(call))?.type === call.type
        ? undefined
        : `${keyOf(call)} is no event ${call.type} for it`,
    ),
  ]
}

/** For each event the one before it of the same subject and stream. */
function predecessors(wanted: readonly WantedEvent[]): ReadonlyMap<string, WantedEvent> {
  const before = new Map<string, WantedEvent>()
  for (const line of groupBy(wanted, (each) => `${each.endpoint} ${each.line}`).values()) {
    const inOrder = [...line].sort((one, other) => one.version - other.version)
    for (const [index, each] of inOrder.entries()) {
      const earlier = inOrder[index - 1]
      if (earlier) before.set(`${each.endpoint} ${each.event}`, earlier)
    }
  }
  return before
}
