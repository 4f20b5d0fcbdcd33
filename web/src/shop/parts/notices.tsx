import type { ReactNode } from 'react'
import { ShopError } from 'tillstream-sdk'
import { Link } from '../../shared/router.tsx'
import { serviceState } from '../../shared/service-state.ts'
import { useStore } from '../../shared/store.ts'
import type { Texts } from '../texts/en.ts'
import { useTexts } from '../texts/texts.ts'

/** What an error means to a customer. The API's own words are the last resort, for they are in English. */
export function meaningOf(err: unknown, texts: Texts): string {
  if (!(err instanceof ShopError)) return texts.service.away
  if (err.status === 503) return texts.service.away
  const known = texts.problems[err.code]
  return known ?? (err.status < 500 && err.message !== '' ? err.message : texts.fault.unknown)
}

/** Of a form or a button that has failed. */
export function Problem({ err }: { readonly err: unknown }) {
  const texts = useTexts()
  if (err === null || err === undefined) return null
  return (
    <p className="notice bad" role="alert">
      {meaningOf(err, texts)}
    </p>
  )
}

/** In the place of a page that could not be shown. */
export function Fault({ err, onAgain }: { readonly err: unknown; readonly onAgain: () => void }) {
  const texts = useTexts()
  return (
    <section className="empty" role="alert">
      <h1>{texts.fault.title}</h1>
      <p>{meaningOf(err, texts)}</p>
      <button type="button" className="button" onClick={onAgain}>
        {texts.fault.again}
      </button>
    </section>
  )
}

export function ServiceNotice() {
  const texts = useTexts()
  const state = useStore(serviceState)
  return (
    <div role="status" className="service">
      {state === 'well' ? null : <p className="notice warn">{texts.service[state]}</p>}
    </div>
  )
}

type EmptyProps = {
  readonly title: string
  readonly text: string
  readonly to: string
  readonly action: string
}

export function EmptyState({ title, text, to, action }: EmptyProps) {
  return (
    <section className="empty">
      <h1>{title}</h1>
      <p>{text}</p>
      <Link className="button" to={to}>
        {action}
      </Link>
    </section>
  )
}

/** Holds the place of what is being loaded, so that nothing jumps. */
export function Skeleton({ lines }: { readonly lines: number }) {
  return (
    <div className="skeleton" aria-hidden="true">
      {Array.from({ length: lines }, (_, index) => (
        <span key={index} />
      ))}
    </div>
  )
}

export function Done({ children }: { readonly children: ReactNode }) {
  return (
    <p className="notice good" role="status">
      {children}
    </p>
  )
}
