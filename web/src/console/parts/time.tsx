import { distance, instant, moment } from '../../shared/formats.ts'

type TimeProps = { readonly at: string; readonly isExact?: boolean }

/** A time as the reader writes it. */
export function Time({ at, isExact = false }: TimeProps) {
  return (
    <time dateTime={at} title={instant(at)}>
      {isExact ? instant(at) : moment(at)}
    </time>
  )
}

export function Ago({ at }: { readonly at: string }) {
  return (
    <time dateTime={at} title={instant(at)}>
      {distance(at)}
    </time>
  )
}
