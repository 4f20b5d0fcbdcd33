import t from 'tap'
import { openApi } from './testing/api.ts'
import { newSecret, rotationSuite, type Gateways, type Secrets } from './testing/rotation-suite.ts'
import { openOneProcess } from './testing/shop.ts'
import { spawnMain } from './testing/spawned.ts'

t.setTimeout(600_000)
const shop = await openOneProcess(t)
const { JWT_SECRET: old = '' } = shop.env
let [stack] = shop.processes.get('stack')!

async function startAgain(secrets: Secrets): Promise<Gateways> {
  await stack!.stop()
  stack = spawnMain(t, 'cmd/stack', { ...shop.env, ...secrets })
  const [, url = ''] = await stack.says(/^ready (\S+)/m, 240_000)
  return [openApi(t, url)]
}

rotationSuite(t, [shop.api], {
  steps: [
    {
      name: 'the new secret takes the place of the old one',
      take: () => startAgain({ JWT_SECRET: newSecret, JWT_SECRET_PREVIOUS: old }),
    },
  ],
  forget: {
    name: 'the old one is left away',
    take: () => startAgain({ JWT_SECRET: newSecret, JWT_SECRET_PREVIOUS: '' }),
  },
})
