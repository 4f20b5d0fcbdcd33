import { setTimeout as sleep } from 'node:timers/promises'
import type { Faults } from '../../../internal/payment-sandbox/domain/faults.ts'
import type { Put } from '../../../internal/payment-sandbox/domain/world.ts'
import type { Fault, Provider } from '../field.ts'
import { waitFor } from '../wait.ts'

const noCallFaults: Faults['calls'] = { failRate: 0, hangRate: 0, doThenFailRate: 0 }
const noWebhookFaults: Faults['webhooks'] = { delayMs: 0, duplicate: 0, reorder: 0, drop: 0, forge: 0 }
/** How long a probe waits before it says that nobody answers. */
const patienceMs = 1_000
const provenWithinMs = 20_000

type Seen = 'answered' | 'failed' | 'silent' | 'cut off'

/** Asks as the payment service does. The provider's faults concern every call of its API. */
async function probe({ url }: Provider): Promise<Seen> {
  try {
    const answer = await fetch(`${url}/v1/refunds?limit=1`, {
      headers: { authorization: 'Bearer sk_test_probe' },
      signal: AbortSignal.timeout(patienceMs),
    })
    await answer.text()
    return answer.status >= 500 ? 'failed' : 'answered'
  } catch (err) {
    return err instanceof Error && err.name === 'TimeoutError' ? 'silent' : 'cut off'
  }
}

/** Lets calls go wrong for a while, and proves it by calls of its own. */
const callsGoWrong =
  (draw: (random: Parameters<Fault>[1]) => Faults['calls'], wanted: readonly Seen[]): Fault =>
  async ({ provider }, random) => {
    const calls = draw(random)
    try {
      await provider.misbehave({ calls })
      const seen = await waitFor('a call goes wrong', provenWithinMs, async () => {
        const found = await probe(provider)
        return wanted.includes(found) && found
      })
      await sleep(random.integer(2_000, 6_000))
      return `a probe was ${seen} under ${JSON.stringify(calls)}`
    } finally {
      await provider.misbehave({ calls: noCallFaults })
    }
  }

const tenths = (value: number): number => value / 10

export const callsFail = callsGoWrong(
  (random) => ({
    failRate: tenths(random.integer(1, 4)),
    hangRate: 0.02,
    doThenFailRate: tenths(random.integer(1, 4)),
  }),
  ['failed', 'cut off'],
)

export const callsHang = callsGoWrong(
  (random) => ({ failRate: 0, hangRate: tenths(random.integer(3, 8)), doThenFailRate: 0 }),
  ['silent'],
)

/** The sandbox stores each webhook before it is sent, so its journal tells which were forged. */
export const webhooksGoWrong: Fault = async ({ provider }, random) => {
  const share = (): number => tenths(random.integer(1, 5))
  const webhooks = {
    delayMs: random.integer(0, 3_000),
    ...{ duplicate: share(), reorder: share(), drop: share(), forge: share() },
  }
  const beganAt = Date.now()
  try {
    await provider.misbehave({ webhooks })
    await sleep(random.integer(4_000, 8_000))
    const forged = await waitFor(
      'a webhook is forged',
      provenWithinMs,
      async () => forgedSince(await provider.journal(), beganAt) || undefined,
    )
    return `${forged} webhooks were forged under ${JSON.stringify(webhooks)}`
  } finally {
    await provider.misbehave({ webhooks: noWebhookFaults })
  }
}

function forgedSince(journal: string, since: number): number {
  const puts = journal
    .split('\n')
    .slice(0, -1) // what is behind the last line break is not written to its end
    .filter((line) => line.includes('"isForged":true'))
    .flatMap((line) => JSON.parse(line) as readonly Put[]) // the sandbox writes the file
  return puts.filter((put) => put.table === 'delivery' && put.value.isForged && put.value.at >= since).length
}
