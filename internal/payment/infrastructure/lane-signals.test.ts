import t from 'tap'
import { laneSignals } from './lane-signals.ts'

const long = 60_000

/** Lanes that rest, and the numbers of those that were woken. */
function resting(count: number) {
  const { signals, notify } = laneSignals(count)
  const woken: number[] = []
  const rest = (lane: number, timeoutMs = long): Promise<void> =>
    signals[lane]!.wait(timeoutMs).then(() => void woken.push(lane))
  return { signals, notify, woken, rest }
}

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve))

t.test('each notification wakes one lane, and another one the next', async (t) => {
  const { notify, woken, rest, signals } = resting(3)
  const all = [rest(0), rest(1), rest(2)]
  notify()
  await turn()
  t.same(woken, [0])
  notify()
  await turn()
  t.same(woken, [0, 1])
  signals[2]?.notify()
  await Promise.all(all)
  t.same(woken, [0, 1, 2], 'a lane is woken alone when it has to stop')
})

t.test('a notification while all are busy is for the first that is about to rest', async (t) => {
  const { notify, woken, rest } = resting(2)
  notify()
  notify()
  await rest(1)
  t.same(woken, [1])
  const other = rest(0, 20)
  await turn()
  t.same(woken, [1], 'once')
  await other
})

t.test('a lane whose time is over is not woken for another one', async (t) => {
  const { notify, woken, rest } = resting(2)
  await rest(0, 1)
  const second = rest(1)
  notify()
  await second
  t.same(woken, [0, 1])
})
