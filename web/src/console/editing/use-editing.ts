import { useState } from 'react'
import { ShopError } from 'tillstream-sdk'
import { useAct } from '../parts/act.ts'
import { useTexts } from '../texts/texts.ts'
import { bodyOf, changesOf, valuesOf, type Field, type Values, type Versioned } from './fields.ts'

type Body = Readonly<Record<string, unknown>>

/** How something is stored. The fields are those of its schema, so its bodies are as the API wants them. */
export type Store<Entry extends Versioned> = {
  readonly get: (id: string) => Promise<Entry>
  readonly create: (body: Body, key: string) => Promise<Entry>
  /** Refused with 412 when somebody has changed it since `version`. */
  readonly change: (id: string, body: Body, version: number) => Promise<Entry>
}

export type Editing<Entry extends Versioned> = {
  readonly fields: readonly Field[]
  /** Undefined: a new one. */
  readonly entry: Entry | undefined
  readonly store: Store<Entry>
  readonly onDone: (entry: Entry) => void
}

const isCollision = (err: unknown): boolean => err instanceof ShopError && err.status === 412

/** What is typed, on what it is based, and what somebody else has saved meanwhile. */
export function useEditing<Entry extends Versioned>({ fields, entry, store, onDone }: Editing<Entry>) {
  const texts = useTexts()
  const [base, setBase] = useState(entry)
  const [values, setValues] = useState<Values>(() => valuesOf(fields, entry))
  const [theirs, setTheirs] = useState<Entry>()
  function begin(on: Entry | undefined): void {
    setBase(on)
    setValues(valuesOf(fields, on))
    setTheirs(undefined)
  }
  const save = useAct({
    async run({ on, given }: { readonly on: Entry | undefined; readonly given: Values }, key) {
      if (!on) return store.create(bodyOf(fields, given), key)
      const changes = changesOf(fields, valuesOf(fields, on), given)
      return Object.keys(changes).length === 0 ? on : store.change(on.id, changes, on.version)
    },
    done: texts.saved,
    onDone(saved) {
      begin(entry ? saved : undefined)
      onDone(saved)
    },
  })
  /** What was changed elsewhere may be no field of this form, such as an image. */
  function decide(on: Entry, their: Entry): void {
    const isSame = JSON.stringify(valuesOf(fields, on)) === JSON.stringify(valuesOf(fields, their))
    if (isSame) submit(their)
    else setTheirs(their)
  }
  function submit(on: Entry | undefined): void {
    const onError = (err: unknown): void => {
      if (on && isCollision(err)) void store.get(on.id).then((their) => decide(on, their))
    }
    save.mutate({ on, given: values }, { onError })
  }
  return {
    ...{ base, theirs, values, isBusy: save.isPending },
    error: isCollision(save.error) ? undefined : save.error,
    set: (name: string, value: string): void => setValues((now) => ({ ...now, [name]: value })),
    submit: (): void => (save.isPending ? undefined : submit(base)),
    takeTheirs: (): void => {
      begin(theirs)
      save.reset()
    },
    keepMine: (): void => {
      setBase(theirs)
      submit(theirs)
    },
  }
}
