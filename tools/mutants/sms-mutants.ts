import type { Mutant } from './mutant.ts'

const drill = (file: string, test: string) => ({ by: 'drill', file, test }) as const
const inTwilio = 'internal/notification/infrastructure/twilio-messages.ts'
const inPosts = 'internal/notification/infrastructure/post-once.ts'
const twilioDrill = (test: string) =>
  drill('internal/notification/infrastructure/twilio-messages.int.test.ts', test)
const inMaking = 'internal/notification/application/make-sms.ts'
const makingDrill = (test: string) => drill('internal/notification/application/make-sms.test.ts', test)

/** Rules of text messages. */
export const smsMutants: readonly Mutant[] = [
  {
    name: 'sms-fault-taken-for-a-refusal',
    rule: 'only a code of Twilio in a 4xx proves that it has not taken a text message',
    patches: [
      {
        file: inTwilio,
        search: 'status >= 400 && status < 500 && code !== undefined',
        replace: 'status >= 400',
      },
    ],
    hunt: twilioDrill('after any other answer nobody knows whether it was sent'),
  },
  {
    name: 'sms-silence-taken-for-a-refusal',
    rule: 'without an answer nobody knows whether a text message was taken',
    patches: [
      { file: inPosts, search: 'if (unconnected.test(code))', replace: 'if (code !== unconnected.source)' },
    ],
    hunt: twilioDrill('nor when the connection breaks behind the message, or no answer comes'),
  },
  {
    name: 'sms-on-a-used-connection',
    rule: 'a text message is posted on a connection that was not used before',
    patches: [{ file: inPosts, search: 'pipelining: 0', replace: 'pipelining: 1' }],
    hunt: twilioDrill('each message has a connection of its own'),
  },
  {
    name: 'sms-of-money-to-the-door',
    rule: 'that money is missing is not told where a parcel goes',
    patches: [
      {
        file: inMaking,
        search: 'isOfParcel ? order.deliveryPhone : order.billingPhone',
        replace: 'order.deliveryPhone',
      },
    ],
    hunt: makingDrill('a parcel is announced where it goes, and missing money to whoever pays'),
  },
  {
    name: 'sms-to-who-switched-it-off',
    rule: 'whoever has switched text messages off gets none',
    patches: [
      {
        file: inMaking,
        search: "    if (isMuted(chosen, kind, 'sms')) return { skip: 'muted' }\n",
        replace: '    void isMuted\n',
      },
    ],
    hunt: makingDrill('it is in the language of its reader, and not sent where they have switched it off'),
  },
  {
    name: 'sms-holds-up-mails',
    rule: 'senders of mails claim no text messages',
    patches: [
      {
        file: 'internal/notification/infrastructure/postgres-deliveries.ts',
        search: 'recipient_type = $4 and channel = any($5)',
        replace: "recipient_type = $4 and channel = any($5 || array['sms'])",
      },
    ],
    hunt: drill(
      'internal/notification/infrastructure/postgres-deliveries.int.test.ts',
      'gives a worker only what goes by its channels',
    ),
  },
]
