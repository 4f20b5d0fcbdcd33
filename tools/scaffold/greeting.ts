// A throw-away service, as docs/contributing.md tells one to write it: it greets the buyer of each confirmed order, once.

export const serviceList = {
  file: 'internal/services.ts',
  lines: [
    {
      after: "import { gatewayService } from './gateway/gateway-service.ts'\n",
      add: "import { greetingService } from './greeting/greeting-service.ts'\n",
    },
    { after: '  orderService,\n', add: '  greetingService,\n' },
  ],
} as const

export const greetingFiles: Readonly<Record<string, string>> = {
  'proto/greeting/v1/greeting.proto': `syntax = "proto3";

package greeting.v1;

service GreetingService {
  rpc ListGreetings(ListGreetingsRequest) returns (ListGreetingsResponse);
}

message ListGreetingsRequest {}

message ListGreetingsResponse {
  repeated Greeting greetings = 1;
}

message Greeting {
  string order_id = 1;
  string text = 2;
}
`,
  'proto/greeting/v1/events.proto': `syntax = "proto3";

package greeting.v1;

import "platform/v1/event.proto";

option (platform.v1.stream) = {
  family: "greeting"
  name: "GREETINGS"
};

// The buyer of an order was greeted.
message GreetingSent {
  option (platform.v1.subject) = "greeting.sent";

  string order_id = 1;
  string text = 2;
}
`,
  'prisma/greeting/schema.prisma': `generator client {
  provider            = "prisma-client"
  output              = "../../internal/greeting/infrastructure/db"
  importFileExtension = "ts"
  moduleFormat        = "esm"
  compilerBuild       = "small"
}

datasource db {
  provider = "postgresql"
  schemas  = ["greetings"]
}

model Greeting {
  orderId String   @id @map("order_id") @db.Uuid
  text    String
  sentAt  DateTime @map("sent_at") @db.Timestamptz(3)

  @@map("greetings")
  @@schema("greetings")
}
`,
  'prisma/greeting/migrations/20261128000000_init/migration.sql': `CREATE TABLE "greetings"."greetings" (
  "order_id" UUID NOT NULL PRIMARY KEY,
  "text" TEXT NOT NULL,
  "sent_at" TIMESTAMPTZ(3) NOT NULL
);
`,
  'cmd/greeting/main.ts': `import { runService } from '../run-service.ts'

await runService('greeting')
`,
  'internal/greeting/greeting-service.ts': `import { GreetingService } from '../gen/greeting/v1/greeting_pb.ts'
import { OrderConfirmedSchema } from '../gen/order/v1/events_pb.ts'
import { reaction } from '../platform/reaction.ts'
import { defineService } from '../platform/service-definition.ts'
import { text } from '../platform/settings.ts'

export const greetingService = defineService({
  name: 'greeting',
  about: 'Greetings to buyers.',
  schema: 'greetings',
  contract: GreetingService,
  needs: {},
  settings: { words: text('GREETING_WORDS', 'thank you', 'What every buyer is told.') },
  aggregates: [
    { type: 'greeting', sql: 'select order_id as id, 1 as version, sent_at, sent_at from greetings.greetings' },
  ],
  reactions: [reaction('greet-confirmed', OrderConfirmedSchema)],
  async open(scope, { log, database, settings, wakeProducer }) {
    const { openGreetingService } = await import('./open-greeting-service.ts')
    return openGreetingService(scope, { log, database, wakeProducer, words: settings.words })
  },
})
`,
  'internal/greeting/open-greeting-service.ts': `import { GreetingSentSchema } from '../gen/greeting/v1/events_pb.ts'
import type { GreetingService } from '../gen/greeting/v1/greeting_pb.ts'
import { OrderConfirmedSchema } from '../gen/order/v1/events_pb.ts'
import type { Trace } from '../platform/call.ts'
import { databaseHealth } from '../platform/database-health.ts'
import { openPool, type DatabaseOptions } from '../platform/database.ts'
import { eventType } from '../platform/event.ts'
import type { Log } from '../platform/log.ts'
import { appendToOutbox, outboxEvent, type WakeProducer } from '../platform/outbox.ts'
import { poolSql } from '../platform/pool-sql.ts'
import { reactionRpc, reactTo } from '../platform/reaction.ts'
import { Refusal } from '../platform/refusal.ts'
import type { Scope } from '../platform/run.ts'
import type { Opened } from '../platform/service-definition.ts'

type Options = {
  readonly log: Log
  readonly database: DatabaseOptions
  readonly words: string
  readonly wakeProducer: WakeProducer
}

type Wanted = { readonly orderId: string; readonly trace: Trace }

export function openGreetingService(
  scope: Scope,
  { log, database, words, wakeProducer }: Options,
): Opened<typeof GreetingService> {
  const sql = poolSql(openPool(scope, log, database))

  /** Idempotent by order id: an order is greeted once. */
  async function greet({ orderId, trace }: Wanted): Promise<void> {
    const occurredAt = new Date()
    await sql.transaction(async (tx) => {
      const insert = 'insert into greetings.greetings values ($1::uuid, $2, $3) on conflict do nothing'
      if ((await tx.$executeRawUnsafe(insert, orderId, words, occurredAt)) === 0) return
      const fact = { aggregateType: 'greeting', aggregateId: orderId, aggregateVersion: 1, occurredAt }
      const sent = { ...fact, data: { orderId, text: words } }
      await appendToOutbox(tx, [outboxEvent(eventType(GreetingSentSchema), sent, trace)])
    })
    wakeProducer()
  }

  return {
    handlers: {
      async listGreetings() {
        const select = 'select order_id as "orderId", text from greetings.greetings'
        return { greetings: await sql.$queryRawUnsafe<{ orderId: string; text: string }[]>(select) }
      },
    },
    reactions: reactionRpc({
      'greet-confirmed': reactTo(
        eventType(OrderConfirmedSchema),
        ({ data, trace }) => {
          const { id } = (data.order ?? {}) as { readonly id?: unknown }
          if (typeof id !== 'string') throw new Refusal('invalid', 'message.invalid', 'order.id must be a text')
          return { orderId: id, trace }
        },
        async (orders) => {
          for (const order of orders) await greet(order)
          return []
        },
      ),
    }),
    health: databaseHealth('greeting', () => sql.$queryRawUnsafe('select 1')),
  }
}
`,
}
