import { Button } from '@mantine/core'
import { useState } from 'react'
import { Dialog } from '../parts/dialog.tsx'
import { Editor } from './editor.tsx'
import type { Field, Versioned } from './fields.ts'
import type { Store } from './use-editing.ts'

type EditButtonProps<Entry extends Versioned> = {
  readonly label: string
  readonly about?: string
  readonly isMain?: boolean
  readonly fields: readonly Field[]
  readonly entry?: Entry
  readonly store: Store<Entry>
  readonly onDone?: (entry: Entry) => void
}

/** Opens a form in a dialog, for a new thing or one that is there. */
export function EditButton<Entry extends Versioned>(props: EditButtonProps<Entry>) {
  const { label, about, isMain = false, fields, entry, store, onDone } = props
  const [isOpen, setOpen] = useState(false)
  const close = (): void => setOpen(false)
  return (
    <>
      <Button
        variant={isMain ? 'filled' : 'default'}
        size={isMain ? 'sm' : 'xs'}
        onClick={() => setOpen(true)}
      >
        {label}
        {about === undefined ? null : <span className="sr-only"> {about}</span>}
      </Button>
      <Dialog
        title={about === undefined ? label : `${label}: ${about}`}
        isOpen={isOpen}
        onClose={close}
        isWide
      >
        <Editor
          fields={fields}
          entry={entry}
          store={store}
          onCancel={close}
          onDone={(saved) => {
            close()
            onDone?.(saved)
          }}
        />
      </Dialog>
    </>
  )
}
