import { Button } from '@mantine/core'
import type { FormEvent, ReactNode } from 'react'
import { Problem } from '../parts/notices.tsx'
import { useTexts } from '../texts/texts.ts'
import { Collision } from './collision.tsx'
import { FieldInput } from './field-input.tsx'
import { valuesOf, type Versioned } from './fields.ts'
import { useEditing, type Editing } from './use-editing.ts'

type EditorProps<Entry extends Versioned> = Editing<Entry> & {
  readonly children?: ReactNode
  readonly onCancel?: () => void
}

/** A form that says so when two people edit the same thing, and lets the second one decide. */
export function Editor<Entry extends Versioned>(props: EditorProps<Entry>) {
  const { fields, onCancel, children } = props
  const texts = useTexts()
  const editing = useEditing(props)
  const { base, theirs, values, isBusy } = editing
  const submit = (event: FormEvent): void => {
    event.preventDefault()
    event.stopPropagation()
    editing.submit()
  }
  return (
    <form className="stack" onSubmit={submit}>
      <div className="fields">
        {fields.map((field) => (
          <FieldInput
            key={field.name}
            field={field}
            value={values[field.name] ?? ''}
            onChange={(value) => editing.set(field.name, value)}
          />
        ))}
      </div>
      {children}
      {theirs && base ? (
        <Collision
          fields={fields}
          mine={values}
          theirs={valuesOf(fields, theirs)}
          base={valuesOf(fields, base)}
          isBusy={isBusy}
          onTake={editing.takeTheirs}
          onKeep={editing.keepMine}
        />
      ) : null}
      <Problem err={editing.error} />
      <div className="actions end">
        {onCancel ? (
          <Button variant="default" onClick={onCancel}>
            {texts.notNow}
          </Button>
        ) : null}
        <Button type="submit" loading={isBusy} disabled={theirs !== undefined}>
          {texts.save}
        </Button>
      </div>
    </form>
  )
}
