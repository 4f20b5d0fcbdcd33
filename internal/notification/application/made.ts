import type { Mail } from './ports.ts'

/** A message, or why none is to be sent, or when it is to be made. */
export type Made = { readonly mail: Mail } | NotNow

export type NotNow = { readonly skip: string } | { readonly later: Date }

export const isNotNow = (asked: object): asked is NotNow => 'skip' in asked || 'later' in asked

/** What it is about is there no more. */
export const gone = { skip: 'gone' } as const
