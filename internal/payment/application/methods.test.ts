import t from 'tap'
import { fakeProvider } from '../testing/fake-provider.ts'
import { methodsFor, offeredMethods } from './methods.ts'

t.test('below its minimum a method is not offered, nor above its maximum', (t) => {
  const methods = offeredMethods([fakeProvider().provider], true)
  const idsFor = (minor: bigint) => methodsFor(methods, minor, 'EUR').map(({ id }) => id)
  t.ok(methods.length > 1)
  t.strictSame(
    idsFor(50n),
    methods.map(({ id }) => id),
  )
  t.strictSame(idsFor(49n), ['invoice'], 'money at the bank has no bounds')
  t.strictSame(idsFor(100_000_000n), ['invoice'])
  t.strictSame(idsFor(0n), idsFor(50n), 'nothing is to be paid')
  t.end()
})
