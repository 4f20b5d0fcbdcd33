import { useSyncExternalStore } from 'react'

/** A value that parts of the page follow. */
export type Store<Value> = {
  readonly get: () => Value
  readonly set: (value: Value) => void
  readonly subscribe: (listener: () => void) => () => void
}

export function store<Value>(first: Value): Store<Value> {
  let value = first
  const listeners = new Set<() => void>()
  return {
    get: () => value,
    set(next) {
      if (Object.is(next, value)) return
      value = next
      for (const listener of listeners) listener()
    },
    subscribe(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
  }
}

export const useStore = <Value>(from: Store<Value>): Value => useSyncExternalStore(from.subscribe, from.get)

/** A store that the browser keeps, and that is the same in all tabs. A browser that keeps nothing is no fault. */
export function keptStore<Value>(name: string, fallback: Value): Store<Value> {
  const key = `tillstream.${name}`
  const kept = store(read(key, fallback))
  addEventListener('storage', (event) => {
    if (event.key === key || event.key === null) kept.set(read(key, fallback))
  })
  return {
    ...kept,
    set(value) {
      try {
        if (value === undefined) localStorage.removeItem(key)
        else localStorage.setItem(key, JSON.stringify(value))
      } catch {
        // It is forgotten with the page.
      }
      kept.set(value)
    },
  }
}

function read<Value>(key: string, fallback: Value): Value {
  try {
    const text = localStorage.getItem(key)
    return text === null ? fallback : (JSON.parse(text) as Value) // nobody else writes there
  } catch {
    return fallback
  }
}
