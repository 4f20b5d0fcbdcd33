import { Alert, Button, Skeleton } from '@mantine/core'
import type { ReactNode } from 'react'
import { isProblem, ShopError } from 'tillstream-sdk'
import { serviceState } from '../../shared/service-state.ts'
import { useStore } from '../../shared/store.ts'
import type { Texts } from '../texts/en.ts'
import { useTexts } from '../texts/texts.ts'

/** What an error means. The API's own words tell staff most, in English. */
export function meaningOf(err: unknown, texts: Texts): string {
  if (!(err instanceof ShopError) || err.status === 503) return texts.service.again
  if (isProblem(err, 'auth.permission-missing'))
    return texts.problems.permission(String(err.problem.permission))
  return texts.problems.known[err.code] ?? err.message
}

/** Of a form or a button that has failed. */
export function Problem({ err }: { readonly err: unknown }) {
  const texts = useTexts()
  if (err === null || err === undefined) return null
  const requestId = err instanceof ShopError ? err.problem.requestId : undefined
  return (
    <Alert className="tinted" data-tone="bad" role="alert">
      {meaningOf(err, texts)}
      {requestId === undefined ? null : (
        <small className="request-id">
          {texts.problems.request} <code>{requestId}</code>
        </small>
      )}
    </Alert>
  )
}

/** In the place of what could not be shown. */
export function Fault({ err, onAgain }: { readonly err: unknown; readonly onAgain: () => void }) {
  const texts = useTexts()
  return (
    <div className="fault">
      <Problem err={err} />
      <Button variant="default" onClick={onAgain}>
        {texts.again}
      </Button>
    </div>
  )
}

export function ServiceNotice() {
  const texts = useTexts()
  const state = useStore(serviceState)
  return (
    <div role="status" className="service">
      {state === 'well' ? null : <p>{texts.service[state]}</p>}
    </div>
  )
}

export function Note({ tone = 'info', children }: { readonly tone?: Tone; readonly children: ReactNode }) {
  return (
    <Alert className="tinted" data-tone={tone} role="note">
      {children}
    </Alert>
  )
}

export type Tone = 'good' | 'warn' | 'bad' | 'info' | 'quiet'

/** Holds the place of what is being loaded, so that nothing jumps. */
export function Loading({ lines = 6 }: { readonly lines?: number }) {
  return (
    <div className="loading" aria-hidden="true">
      {Array.from({ length: lines }, (_, index) => (
        <Skeleton key={index} height={18} width={index % 3 === 2 ? '62%' : '100%'} />
      ))}
    </div>
  )
}

export function Empty({ children }: { readonly children: ReactNode }) {
  return <p className="empty">{children}</p>
}
