import type { Test } from 'tap'
import { eventually } from '../../platform/testing/eventually.ts'
import type { Topic } from '../event-subjects.ts'
import type { Bus } from '../together/bus.ts'

/** The buses of two gateways at one server. */
export type BusFixture = {
  readonly one: Bus
  readonly other: Bus
  /** Puts this on the wire as it is. */
  readonly sendRaw: (topic: Topic, text: string) => Promise<unknown>
}

/** The behaviour of every bus. */
export function busContract(t: Test, open: (t: Test) => Promise<BusFixture>): void {
  const hearing = async (t: Test) => {
    const fixture = await open(t)
    const [here, there]: [string[], string[]] = [[], []]
    fixture.one.hear('counts', (data) => here.push(data))
    fixture.other.hear('counts', (data) => there.push(data))
    await eventually('they hear each other', async () => {
      fixture.one.tell('counts', 'first')
      fixture.other.tell('counts', 'first')
      return here.length > 0 && there.length > 0
    })
    return { ...fixture, here, there }
  }

  t.test('what one gateway tells, the other hears in its order, and the teller does not', async (t) => {
    const { one, other, here, there } = await hearing(t)
    t.ok(one.isConnected() && other.isConnected())
    const texts = ['a b c', '{"x":"ö"}', '', 'last of one']
    for (const text of texts) one.tell('counts', text)
    await eventually('the last one is heard', async () => there.at(-1) === 'last of one')
    t.same(there.slice(-texts.length), texts)
    other.tell('counts', 'last of the other')
    await eventually('the answer is heard', async () => here.at(-1) === 'last of the other')
    t.notOk(here.includes('last of one'))
  })

  t.test('topics are heard apart', async (t) => {
    const { one, other, there } = await hearing(t)
    const endings: string[] = []
    other.hear('endings', (data) => endings.push(data))
    await eventually('the other topic is heard', async () => {
      one.tell('endings', 'ended')
      return endings.length > 0
    })
    t.notOk(there.includes('ended'))
  })

  t.test('a message that nobody can read is left out, and those that follow are heard', async (t) => {
    const { one, other, sendRaw } = await open(t)
    const read: unknown[] = []
    other.hear('catalogue', (data) => read.push(JSON.parse(data)))
    await eventually('it is heard', async () => {
      one.tell('catalogue', '1')
      return read.length > 0
    })
    await sendRaw('catalogue', 'no message of ours')
    one.tell('catalogue', '2')
    await eventually('the next one is heard', async () => read.at(-1) === 2)
  })
}
