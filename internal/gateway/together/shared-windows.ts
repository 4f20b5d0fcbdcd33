import { createHmac } from 'node:crypto'
import { LRUCache } from 'lru-cache'
import type { Bus } from './bus.ts'
import { rememberedKeys, windowMs, type Windows } from './windows.ts'

/** So often gateways tell each other what they have counted. */
const tellEveryMs = 100
/** A part of the limit that is too small to be told of: so requests of usual callers cause no messages. */
const toldPart = 1 / 100
/** Some 40 kB. */
const countsPerMessage = 1_000

type Window = { readonly digest: string; count: number; untold: number; readonly endsAtMs: number }

/** What a message says of one key: its digest, how many more there were, and how long the window goes on. */
type Told = readonly [digest: string, count: number, endsInMs: number]

type Deps = {
  readonly bus: Bus
  /** All gateways have the same, so that they name keys alike and nobody else can read them. */
  readonly secret: string
  readonly nowMs?: () => number
}

type Kept = { readonly windowOf: (key: string) => Window; readonly learn: (told: Told) => void }

/**
 * Counts here and at once, and tells the other gateways what was counted. So together they let through what one would,
 * and what each of them has not told yet: a hundredth of the limit, and what comes within a tenth of a second. Without a
 * bus each gateway counts alone.
 */
export function sharedWindows({ bus, secret, nowMs = () => performance.now() }: Deps) {
  const names = new Map<string, () => Kept>()
  const untold = new Map<Window, string>()
  let timer: NodeJS.Timeout | undefined

  function openKept(name: string): () => Kept {
    const keptOf = names.get(name) ?? whenUsed(() => keepWindows(nowMs, (key) => digestOf(secret, name, key)))
    names.set(name, keptOf)
    return keptOf
  }

  function note(name: string, window: Window, max: number): void {
    if (Math.abs(window.untold) < max * toldPart) return
    if (untold.size < rememberedKeys) untold.set(window, name)
    timer ??= setTimeout(tell, tellEveryMs).unref()
  }

  /** What nobody would hear now is told when somebody does. */
  function tell(): void {
    timer = undefined
    const now = nowMs()
    const byName = new Map<string, Told[]>()
    for (const [window, name] of untold) {
      const isOver = window.endsAtMs <= now
      if (!isOver && !bus.isConnected()) continue
      untold.delete(window)
      if (isOver || window.untold === 0) continue
      const told = byName.get(name) ?? []
      byName.set(name, told)
      told.push([window.digest, window.untold, Math.ceil(window.endsAtMs - now)])
      window.untold = 0
    }
    for (const [name, all] of byName)
      for (let from = 0; from < all.length; from += countsPerMessage)
        bus.tell('counts', JSON.stringify({ name, counts: all.slice(from, from + countsPerMessage) }))
    if (untold.size > 0) timer = setTimeout(tell, tellEveryMs).unref()
  }

  bus.hear('counts', (data) => {
    const { name, counts } = JSON.parse(data) as { readonly name: string; readonly counts: readonly Told[] }
    // A gateway of another version may count what this one does not know.
    const keptOf = names.get(name)
    if (keptOf) for (const told of counts) keptOf().learn(told)
  })

  return (name: string): Windows => {
    const keptOf = openKept(name)
    return {
      begin(key, max) {
        const window = keptOf().windowOf(key)
        const isAllowed = window.count < max
        const add = (count: number): void => {
          window.count += count
          window.untold += count
          note(name, window, max)
        }
        if (isAllowed) add(1)
        return {
          ...{ isAllowed, remaining: Math.max(0, max - window.count), resetMs: window.endsAtMs - nowMs() },
          forgive() {
            if (isAllowed) add(-1)
          },
        }
      },
    }
  }
}

/** The caches of a name take two megabytes, and most names are never counted under. */
function whenUsed<Thing>(open: () => Thing): () => Thing {
  let opened: Thing | undefined
  return () => (opened ??= open())
}

function keepWindows(nowMs: () => number, digestOfKey: (key: string) => string): Kept {
  const digests = new LRUCache<string, string>({ max: rememberedKeys })
  const windows = new LRUCache<string, Window>({ max: rememberedKeys })

  function open(digest: string, forMs: number): Window {
    const opened = { digest, count: 0, untold: 0, endsAtMs: nowMs() + forMs }
    windows.set(digest, opened)
    return opened
  }

  const find = (digest: string): Window | undefined => {
    const found = windows.get(digest)
    return found && found.endsAtMs > nowMs() ? found : undefined
  }

  return {
    windowOf(key) {
      let digest = digests.get(key)
      if (digest === undefined) digests.set(key, (digest = digestOfKey(key)))
      return find(digest) ?? open(digest, windowMs)
    },
    learn([digest, count, endsInMs]) {
      if (typeof digest !== 'string' || !Number.isSafeInteger(count) || !(endsInMs > 0)) return
      const window = find(digest) ?? open(digest, Math.min(endsInMs, windowMs))
      window.count = Math.max(0, window.count + count)
    },
  }
}

/** Keys are addresses and logins. They leave the process as digests that nobody can make without the secret. */
export const digestOf = (secret: string, name: string, key: string): string =>
  createHmac('sha256', secret).update(`rate ${name} ${key}`).digest('base64url').slice(0, 22)
