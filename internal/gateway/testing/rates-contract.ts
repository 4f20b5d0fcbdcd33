import type { Test } from 'tap'
import { newId } from '../../platform/new-id.ts'
import { eventually } from '../../platform/testing/eventually.ts'
import type { Attempt, Rates } from '../together/windows.ts'

/** The rates of two gateways of one shop. */
export type RatesFixture = { readonly one: Rates; readonly other: Rates }

/** So many attempts of each gateway, in turn; returns how many were allowed. */
async function attempt({ one, other }: RatesFixture, name: string, key: string, max: number, times: number) {
  let allowed = 0
  for (let count = 0; count < times; count++)
    for (const rates of [one, other])
      if ((await rates.exactWindows(name).begin(key, max)).isAllowed) allowed++
  return allowed
}

/** The behaviour of all rates that gateways count together. */
export function ratesContract(t: Test, open: (t: Test) => Promise<RatesFixture>): void {
  t.test('what one gateway has counted, the other one knows a moment later', async (t) => {
    const { one, other } = await open(t)
    for (const kind of ['windows', 'exactWindows'] as const) {
      const key = newId()
      for (let count = 0; count < 3; count++) t.ok((await one[kind]('x').begin(key, 3)).isAllowed)
      t.notOk((await one[kind]('x').begin(key, 3)).isAllowed, 'here at once')
      await eventually('it is refused there', async () => {
        const attempt = await other[kind]('x').begin(key, 3)
        if (attempt.isAllowed) attempt.forgive()
        return !attempt.isAllowed
      })
      t.ok((await other[kind]('x').begin(newId(), 3)).isAllowed, 'another key')
      t.ok((await other[kind]('y').begin(key, 3)).isAllowed, 'under another name')
    }
  })

  t.test('an attempt that is forgiven is one that others may make', async (t) => {
    const { one, other } = await open(t)
    const key = newId()
    const attempts: Attempt[] = []
    for (let count = 0; count < 4; count++) attempts.push(await one.exactWindows('x').begin(key, 4))
    t.same(
      attempts.map(({ isAllowed, remaining }) => [isAllowed, remaining]),
      [3, 2, 1, 0].map((remaining) => [true, remaining]),
    )
    const refused = await one.exactWindows('x').begin(key, 4)
    t.match(refused, { isAllowed: false, remaining: 0 })
    t.ok(refused.resetMs > 0 && refused.resetMs <= 60_000)
    refused.forgive()
    await eventually('it is known there', async () => {
      const there = await other.exactWindows('x').begin(key, 4)
      if (there.isAllowed) there.forgive()
      return !there.isAllowed
    })
    for (const each of attempts) each.forgive()
    await eventually('all may be made there', async () => {
      const there = await other.exactWindows('x').begin(key, 4)
      if (there.isAllowed) there.forgive()
      return there.isAllowed && there.remaining === 3
    })
  })

  t.test('after the first moment two gateways let no more through than one', async (t) => {
    const fixture = await open(t)
    const key = newId()
    t.equal(await attempt(fixture, 'x', key, 100, 25), 50)
    await eventually('both know of all', async () => {
      const known: number[] = []
      // One after the other, because each counts while it asks.
      for (const rates of [fixture.one, fixture.other]) {
        const attempt = await rates.exactWindows('x').begin(key, 100)
        attempt.forgive()
        known.push(attempt.remaining)
      }
      return known.every((remaining) => remaining === 49)
    })
  })
}
