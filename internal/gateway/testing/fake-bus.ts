import { EventEmitter } from 'node:events'
import { createLog } from '../../platform/log.ts'
import { busOver, type Bus } from '../together/bus.ts'

/** A server in memory, and buses at it. They pass the same contract suite as the real ones. */
export function fakeBuses() {
  const server = new EventEmitter()
  const state = { isConnected: true }
  const log = createLog('test', 'silent')
  const open = (): Bus =>
    busOver(
      {
        isConnected: () => state.isConnected,
        send: (topic, text) => void setImmediate(() => server.emit(topic, text)),
        receive: (topic, handle) => void server.on(topic, handle),
      },
      log,
    )
  return { open, state, server }
}
