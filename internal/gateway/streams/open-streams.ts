import type { EndedSessions } from '../../platform/callers/ended-sessions.ts'
import type { Standing } from '../../platform/callers/standing.ts'
import { eventStream, type EventStream } from './event-stream.ts'
import { streamPlaces, type Holder, type StreamLimits } from './stream-places.ts'

/** Who reads a stream. */
export type Viewer = Holder & {
  /** What has to go on for the stream to go on; undefined for a guest, whose token does not end. */
  readonly standing: Standing | undefined
  /** Closes the connection, whatever waits for the client. */
  readonly hangUp: () => void
}

/** A stream that somebody reads. */
export type OpenStream = Pick<EventStream, 'body' | 'send' | 'mark' | 'end'> & {
  /** Whether something may be sent now: the client reads, and may still see it. */
  readonly isReady: () => boolean
  readonly onEnd: (ended: () => void) => void
}

export type OpenStreams = {
  /** Refuses when there are too many. */
  readonly open: (viewer: Viewer) => OpenStream
  /** Is called again and again while streams are open, when it was asked whose sessions have ended. */
  readonly onRound: (work: () => void) => void
  readonly count: () => number
  readonly stop: () => void
}

export type StreamTimes = {
  /** How often it is asked whose sessions have ended: an ended one gets nothing after less than a second. */
  readonly roundMs: number
  readonly beatMs: number
  /** A client that reads nothing for so long is left. */
  readonly stalledMs: number
  /** Then a client connects again, so that no stream outlives what it was allowed by. */
  readonly longestMs: number
}

const usualTimes: StreamTimes = { roundMs: 400, beatMs: 15_000, stalledMs: 10_000, longestMs: 900_000 }
/** At the end, what was sent has so long to leave. */
const farewellMs = 500

type Deps = {
  readonly limits: StreamLimits
  readonly ended: EndedSessions
  readonly times?: Partial<StreamTimes>
  readonly nowMs?: () => number
}

type Open = {
  readonly stream: EventStream
  readonly viewer: Viewer
  readonly endsAt: number
  readonly end: () => void
  fullSince: number | undefined
  nextBeat: number
}

export function openStreams({ limits, ended, times: given = {}, nowMs = Date.now }: Deps): OpenStreams {
  const times = { ...usualTimes, ...given }
  const places = streamPlaces(limits)
  const open = new Set<Open>()
  const works: (() => void)[] = []
  let timer: NodeJS.Timeout | undefined
  let isAsking = false

  const isGood = ({ viewer: { standing }, endsAt }: Open): boolean =>
    endsAt > nowMs() && (standing === undefined || !ended.isEnded(standing))

  async function round(): Promise<void> {
    for (const one of open) look(one, times, nowMs())
    if (isAsking) return
    isAsking = true
    // While the user service is away, only guests get anything (isReady).
    await ended.refresh().catch(() => undefined)
    isAsking = false
    for (const one of open) if (!isGood(one)) one.end()
    for (const work of works) work()
  }

  function add(viewer: Viewer): Open & Pick<OpenStream, 'onEnd'> {
    const giveBack = places.take(viewer)
    const stream = eventStream()
    const endings: (() => void)[] = []
    const now = nowMs()
    const endsAt = Math.min(now + times.longestMs, viewer.standing?.expiresAtMs ?? Infinity)
    const end = (): void => {
      if (!open.delete(one)) return
      giveBack()
      stream.end()
      for (const ending of endings) ending()
      if (open.size > 0) return
      clearInterval(timer)
      timer = undefined
    }
    const onEnd = (ending: () => void): void => void endings.push(ending)
    const one = { stream, viewer, endsAt, end, onEnd, fullSince: undefined, nextBeat: now + times.beatMs }
    open.add(one)
    stream.body.once('close', end)
    timer ??= setInterval(() => void round(), times.roundMs).unref()
    return one
  }

  return {
    open(viewer) {
      const one = add(viewer)
      const { body, send, mark, isFull } = one.stream
      const isKnown = (): boolean => viewer.standing === undefined || ended.isCurrent()
      const isReady = (): boolean => open.has(one) && !isFull() && isGood(one) && isKnown()
      return { body, send, mark, end: one.end, onEnd: one.onEnd, isReady }
    },
    onRound: (work) => void works.push(work),
    count: places.count,
    stop() {
      const left = [...open]
      for (const one of left) one.end()
      setTimeout(() => left.forEach(({ viewer }) => viewer.hangUp()), farewellMs).unref()
    },
  }
}

/** Leaves a client that has read nothing for long, and shows the others now and then that their streams live. */
function look(one: Open, { stalledMs, beatMs }: StreamTimes, now: number): void {
  const isFull = one.stream.isFull()
  one.fullSince = isFull ? (one.fullSince ?? now) : undefined
  if (one.fullSince !== undefined && now - one.fullSince >= stalledMs) {
    one.end()
    one.viewer.hangUp()
  } else if (now >= one.nextBeat && !isFull) {
    one.nextBeat = now + beatMs
    one.stream.beat()
  }
}
