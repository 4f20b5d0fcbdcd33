import { errorName, openHttp, type Ask, type Http } from '../shared/lean-http.ts'
import { troubleOf } from '../shared/shop-client.ts'
import { closedLoop, forSeconds, oneOf, pauseAfterError, type Load } from './load.ts'
import { createMeter, createTally, type Meter, type Tally } from '../shared/meter.ts'
import type { Read, ReadsWork } from './work.ts'

export async function readsLoad({ url, users, requests }: ReadsWork): Promise<Load> {
  const http = openHttp(url, users)
  const meter = createMeter()
  const errors = createTally()
  let seconds = 0
  return {
    async run(wanted) {
      const startedAt = performance.now()
      await closedLoop(users, forSeconds(wanted), () => read(http, oneOf(requests), meter, errors))
      seconds = (performance.now() - startedAt) / 1_000
    },
    drain: async () => {},
    reset() {
      meter.reset()
      errors.reset()
    },
    measured: () => ({ seconds, done: meter.count(), latency: meter.latency(), errors: errors.counts() }),
    progress: () => ({ done: meter.count(), settled: 0 }),
    close: () => http.close(),
  }
}

export async function read(
  http: Http,
  { path, token, body }: Read,
  meter: Meter,
  errors: Tally,
): Promise<void> {
  const sentAt = performance.now()
  const headers: Readonly<Record<string, string>> = {
    ...(token ? { authorization: `Bearer ${token}` } : {}),
    ...(body === undefined ? {} : { 'content-type': 'application/json' }),
  }
  const request =
    body === undefined ? { method: 'GET', path, headers } : { method: 'POST', path, headers, body }
  const told = await http.ask(request as Ask).catch(troubleOf)
  if (typeof told !== 'string' && told.status === 200) {
    meter.record(performance.now() - sentAt)
    return
  }
  errors.add(typeof told === 'string' ? told : errorName(told))
  await pauseAfterError()
}
