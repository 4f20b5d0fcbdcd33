import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useRef } from 'react'
import { ShopError } from 'tillstream-sdk'
import { say } from './toasts.tsx'

export type ActOptions<Input, Result> = {
  /** `key` is the Idempotency-Key for what is not to be done twice. */
  readonly run: (input: Input, key: string) => Promise<Result>
  /** What is said when it is done. */
  readonly done?: string | ((result: Result, input: Input) => string)
  readonly onDone?: (result: Result, input: Input) => void
}

/**
 * Something that staff do. All tries of the same thing have one key until the API has answered, so pressing the button
 * again after an outage is a repetition.
 */
export function useAct<Input, Result>({ run, done, onDone }: ActOptions<Input, Result>) {
  const queries = useQueryClient()
  const known = useRef({ wanted: '', key: '' })
  return useMutation({
    mutationFn(input: Input) {
      const wanted = JSON.stringify(input)
      if (known.current.key === '' || known.current.wanted !== wanted)
        known.current = { wanted, key: crypto.randomUUID() }
      return run(input, known.current.key)
    },
    onSuccess(result, input) {
      if (done !== undefined) say(typeof done === 'string' ? done : done(result, input))
      onDone?.(result, input)
    },
    async onSettled(_result, err) {
      if (err === null || (err instanceof ShopError && err.status < 500)) known.current.key = ''
      await queries.invalidateQueries()
    },
  })
}

/** What a dialog needs of it, whatever comes out. */
export type Act<Input> = {
  readonly mutate: (input: Input, options: { readonly onSuccess: () => void }) => void
  readonly reset: () => void
  readonly isPending: boolean
  readonly error: unknown
}
