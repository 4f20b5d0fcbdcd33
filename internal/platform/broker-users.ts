import { HealthService } from '../gen/health/v1/health_pb.ts'
import { ReactionService } from '../gen/reaction/v1/reaction_pb.ts'
import { inboxOf } from './nats-access.ts'
import type { AnyContract } from './service.ts'
import type { Service } from './service-definition.ts'
import { streamOf, streams } from './streams.ts'
import { wakeSubject } from './wake.ts'

/** A user of the broker and what it may do there. */
export type BrokerUser = {
  readonly name: string
  readonly about: string
  /** Undefined: everything. */
  readonly may: BrokerRights | undefined
}

export type BrokerRights = {
  readonly publish: readonly string[]
  readonly subscribe: readonly string[]
  /** It may answer what it was asked, and only that. */
  readonly answers: boolean
}

/** Whose name and password the local tools use. It may do everything. */
export const ownerName = 'owner'
/** Reads events from outside. Its durables have its name too, so that it cannot touch ours. */
export const subscriberName = 'subscriber'

/**
 * A user for each service, with the rights that follow from its definition, and one for a subscriber outside. All else is
 * refused: a service cannot answer for another one, and nobody but the producer publishes events.
 */
export function brokerUsers(services: readonly Service[]): readonly BrokerUser[] {
  return [...services.map((service) => serviceUser(service, services)), subscriber(subscriberName)]
}

export const owner: BrokerUser = {
  name: ownerName,
  about: 'Does everything: the local stack, its tools and its operator.',
  may: undefined,
}

function serviceUser(service: Service, services: readonly Service[]): BrokerUser {
  const { name, about, broker = {}, schema } = service
  const answers = schema !== undefined || service.contract !== undefined
  const parts: readonly Partial<BrokerRights>[] = [
    { subscribe: [`${inboxOf(name)}.>`] },
    answers ? { subscribe: [`svc.${name}.>`] } : {},
    { publish: questionsOf(service, services) },
    schema !== undefined && !broker.relays ? { publish: [wakeSubject] } : {},
    broker.relays ? relaying() : {},
    broker.delivers ? delivering(services) : {},
    broker.reads ? { publish: ['$JS.API.INFO', ...api('STREAM.INFO', 'STREAM.MSG.GET')] } : {},
    { subscribe: broker.hears ?? [] },
    { publish: broker.speaks ?? [], subscribe: broker.speaks ?? [] },
  ]
  return { name, about, may: { ...sum(parts), answers } }
}

/** What it may ask: the methods of what it needs, and the readiness of itself, for the check of its container. */
function questionsOf(
  { name, needs, broker = {}, schema }: Service,
  services: readonly Service[],
): readonly string[] {
  const storing = services.filter((other) => other.schema !== undefined)
  const reacting = services.filter(({ reactions }) => reactions.length > 0)
  return [
    ...Object.entries(needs).flatMap(([needed, { contract, methods }]) =>
      methodsOf(needed, contract, methods),
    ),
    ...(broker.asksHealth ? storing.flatMap((other) => methodsOf(other.name, HealthService)) : []),
    ...(broker.delivers ? reacting.flatMap((other) => methodsOf(other.name, ReactionService)) : []),
    ...(schema === undefined ? [] : [`svc.${name}.${readiness}`]),
  ]
}

const readiness: keyof typeof HealthService.method = 'checkReadiness'

const methodsOf = (
  service: string,
  contract: Pick<AnyContract, 'method'>,
  methods: readonly string[] = Object.keys(contract.method),
): readonly string[] => methods.map((method) => `svc.${service}.${method}`)

function relaying(): Partial<BrokerRights> {
  return {
    subscribe: [wakeSubject],
    publish: [
      ...streams.map(({ family }) => `${family}.>`),
      ...api('STREAM.CREATE', 'STREAM.UPDATE', 'STREAM.DELETE', 'STREAM.INFO', 'STREAM.MSG.GET'),
      ...readingAll(),
    ],
  }
}

function delivering(services: readonly Service[]): Partial<BrokerRights> {
  const subjects = services.flatMap(({ reactions }) =>
    reactions.flatMap(({ to }) => to.map(({ subject }) => subject)),
  )
  return {
    publish: [
      ...new Set(subjects), // a dead letter that is put back
      ...api('STREAM.INFO'),
      ...readingAll(),
      ...streams.flatMap(({ name }) => [`$JS.API.CONSUMER.LIST.${name}`]),
      ...new Set(subjects.map((subject) => `$JS.ACK.${streamOf(subject)}.>`)),
    ],
  }
}

const api = (...calls: readonly string[]): readonly string[] =>
  calls.flatMap((call) => streams.map(({ name }) => `$JS.API.${call}.${name}`))

/** Reading a stream with consumers of any name. */
const readingAll = (): readonly string[] => [
  '$JS.API.INFO',
  ...streams.flatMap(({ name }) => [
    `$JS.API.CONSUMER.CREATE.${name}.>`,
    ...['DURABLE.CREATE', 'INFO', 'MSG.NEXT', 'DELETE'].map((call) => `$JS.API.CONSUMER.${call}.${name}.*`),
  ]),
]

/**
 * It may read all streams, by durables that have its own name and as the events are published. It may change no other
 * durable: who may pull from ours can take events away from the services.
 */
export function subscriber(name: string): BrokerUser {
  const own = streams.flatMap(({ name: stream }) => [
    `$JS.API.STREAM.INFO.${stream}`,
    `$JS.API.CONSUMER.CREATE.${stream}.${name}`,
    `$JS.API.CONSUMER.CREATE.${stream}.${name}.>`,
    ...['DURABLE.CREATE', 'INFO', 'MSG.NEXT', 'DELETE'].map(
      (call) => `$JS.API.CONSUMER.${call}.${stream}.${name}`,
    ),
    `$JS.ACK.${stream}.${name}.>`,
  ])
  return {
    name,
    about: 'Reads events from outside. Its durables have its name.',
    may: {
      publish: ['$JS.API.INFO', ...own],
      subscribe: [`${inboxOf(name)}.>`, ...streams.map(({ family }) => `${family}.>`)],
      answers: false,
    },
  }
}

const sum = (parts: readonly Partial<BrokerRights>[]): Omit<BrokerRights, 'answers'> => ({
  publish: parts.flatMap(({ publish = [] }) => publish),
  subscribe: parts.flatMap(({ subscribe = [] }) => subscribe),
})

/**
 * The users for the configuration of nats-server. `passwordOf` gives the text as it is to be written there: a quoted
 * one, or the name of a variable.
 */
export function brokerUsersConf(
  users: readonly BrokerUser[],
  passwordOf: (user: BrokerUser) => string,
): string {
  const blocks = users.map((user) =>
    [
      ...user.about.split('\n').map((line) => `    # ${line}`),
      '    {',
      `      user: ${user.name}`,
      `      password: ${passwordOf(user)}`,
      ...(user.may ? rightsConf(user.may) : []),
      '    }',
    ].join('\n'),
  )
  return ['authorization {', '  users: [', ...blocks, '  ]', '}', ''].join('\n')
}

/** The longest answer is that of an audit. An answer that comes later than the right to give it is lost. */
const answerWithin = '120s'

const rightsConf = ({ publish, subscribe, answers }: BrokerRights): readonly string[] => [
  '      permissions: {',
  ...subjectsConf('publish', publish),
  ...subjectsConf('subscribe', subscribe),
  ...(answers ? [`        allow_responses: { max: 1, expires: "${answerWithin}" }`] : []),
  '      }',
]

/** A list that is empty allows nothing; without the list the broker would allow everything. */
const subjectsConf = (what: string, subjects: readonly string[]): readonly string[] =>
  subjects.length === 0
    ? [`        ${what}: { deny: ">" }`]
    : [
        `        ${what}: [`,
        ...subjects.map((subject) => `          ${JSON.stringify(subject)}`),
        '        ]',
      ]
