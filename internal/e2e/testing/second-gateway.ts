import type { Test } from 'tap'
import { eventually } from '../../platform/testing/eventually.ts'
import { openApi, type Api } from './api.ts'
import type { Shop } from './shop.ts'
import { spawnMain, type Spawned } from './spawned.ts'

export type SecondGateway = { readonly api: Api; readonly url: string; readonly process: Spawned }

/** One more gateway of a shop that runs in many processes. `natsUrl` is its way to the broker. */
export async function openSecondGateway(
  t: Test,
  shop: Shop,
  natsUrl = shop.nats.urlOf('gateway'),
): Promise<SecondGateway> {
  const { DATABASE_URL: _, ...env } = shop.env
  const process = spawnMain(t, 'cmd/gateway', { ...env, NATS_URL: natsUrl })
  const [, url = ''] = await process.says(/"url":"([^"]+)"/)
  const api = openApi(t, url)
  await eventually(
    'the second gateway is ready',
    async () => (await api.request('GET', '/readyz')).status === 200,
  )
  return { api, url, process }
}
