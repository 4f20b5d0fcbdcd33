import t from 'tap'
import { openApi } from './testing/api.ts'
import { newSecret, rotationSuite, type Gateways, type Secrets } from './testing/rotation-suite.ts'
import { openSecondGateway } from './testing/second-gateway.ts'
import { openManyProcesses } from './testing/shop.ts'
import { spawnMain, type Spawned } from './testing/spawned.ts'

// As docs/accounts.md says it for a shop with two gateways, none of which may refuse the tokens of the other: each is started
// again by itself, while the other one goes on as it was.

t.setTimeout(600_000)
const shop = await openManyProcesses(t)
const { JWT_SECRET: old = '', DATABASE_URL: databaseUrl = '', ...env } = shop.env
const second = await openSecondGateway(t, shop)
const gateways = [
  { api: shop.api, process: shop.processes.get('gateway')![0]! },
  { api: second.api, process: second.process },
]
let [users] = shop.processes.get('user')!

async function startAgain(process: Spawned, service: string, more: Readonly<Record<string, string>>) {
  await process.stop()
  return spawnMain(t, `cmd/${service}`, { ...env, NATS_URL: shop.nats.urlOf(service), ...more })
}

const current = (): Gateways => [gateways[0]!.api, gateways[1]!.api]

async function gatewayAgain(index: number, secrets: Secrets): Promise<Gateways> {
  const process = await startAgain(gateways[index]!.process, 'gateway', secrets)
  const [, url = ''] = await process.says(/"url":"([^"]+)"/)
  gateways[index] = { api: openApi(t, url), process }
  return current()
}

async function usersAgain(secrets: Secrets): Promise<Gateways> {
  users = await startAgain(users!, 'user', { ...secrets, DATABASE_URL: databaseUrl })
  await users.says(/"msg":"started"/)
  return current()
}

const known: Secrets = { JWT_SECRET: old, JWT_SECRET_PREVIOUS: newSecret }
const exchanged: Secrets = { JWT_SECRET: newSecret, JWT_SECRET_PREVIOUS: old }
const forgotten: Secrets = { JWT_SECRET: newSecret, JWT_SECRET_PREVIOUS: '' }

rotationSuite(t, current(), {
  steps: [
    { name: 'the user service knows the new secret', take: () => usersAgain(known) },
    { name: 'the first gateway knows it', take: () => gatewayAgain(0, known) },
    { name: 'the second gateway knows it', take: () => gatewayAgain(1, known) },
    { name: 'the first gateway signs with it', take: () => gatewayAgain(0, exchanged) },
    { name: 'the user service signs with it', take: () => usersAgain(exchanged) },
    { name: 'the second gateway signs with it', take: () => gatewayAgain(1, exchanged) },
  ],
  forget: {
    name: 'the old one is left away',
    async take() {
      await usersAgain(forgotten)
      await gatewayAgain(0, forgotten)
      return gatewayAgain(1, forgotten)
    },
  },
})
