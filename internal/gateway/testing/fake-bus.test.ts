import t from 'tap'
import { togetherBy } from '../together/open-together.ts'
import { busContract } from './bus-contract.ts'
import { fakeBuses } from './fake-bus.ts'
import { ratesContract } from './rates-contract.ts'

busContract(t, async () => {
  const { open, server } = fakeBuses()
  return {
    ...{ one: open(), other: open() },
    sendRaw: async (topic, text) => void server.emit(topic, text),
  }
})

ratesContract(t, async () => {
  const { open } = fakeBuses()
  return { one: togetherBy(open(), 'secret').rates, other: togetherBy(open(), 'secret').rates }
})
