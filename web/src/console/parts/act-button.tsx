import { Button } from '@mantine/core'
import { useState, type FormEvent, type ReactNode } from 'react'
import { textsOf } from '../../shared/form-texts.ts'
import { useTexts } from '../texts/texts.ts'
import type { Act } from './act.ts'
import { Dialog } from './dialog.tsx'
import { Problem } from './notices.tsx'

export type FormTexts = Readonly<Record<string, string>>

type ActDialogProps<Input> = {
  readonly title: string
  /** What it will do, before it is done. */
  readonly effect: ReactNode
  readonly confirm: string
  readonly isDanger?: boolean
  readonly act: Act<Input>
  /** Undefined: something is missing, and nothing is done. */
  readonly toInput: (texts: FormTexts) => NoInfer<Input> | undefined
  readonly children?: ReactNode
}

type ActButtonProps<Input> = ActDialogProps<Input> & {
  readonly label: string
  /** What it is about, for those who hear the buttons of a list without the list. */
  readonly about?: string
  readonly variant?: 'filled' | 'default' | 'subtle'
  readonly size?: 'xs' | 'sm'
}

/** A button whose dialog says what it will do and asks for what it needs. */
export function ActButton<Input>({
  label,
  about,
  variant = 'default',
  size = 'sm',
  ...dialog
}: ActButtonProps<Input>) {
  const [isOpen, setOpen] = useState(false)
  const open = (): void => {
    dialog.act.reset()
    setOpen(true)
  }
  return (
    <>
      <Button
        variant={variant}
        size={size}
        onClick={open}
        data-danger={dialog.isDanger === true ? true : undefined}
      >
        {label}
        {about === undefined ? null : <span className="sr-only"> {about}</span>}
      </Button>
      <Dialog title={dialog.title} isOpen={isOpen} onClose={() => setOpen(false)}>
        <ActForm {...dialog} onDone={() => setOpen(false)} />
      </Dialog>
    </>
  )
}

type ActFormProps<Input> = ActDialogProps<Input> & { readonly onDone: () => void }

function ActForm<Input>({ effect, confirm, isDanger, act, toInput, children, onDone }: ActFormProps<Input>) {
  const texts = useTexts()
  const submit = (event: FormEvent<HTMLFormElement>): void => {
    event.preventDefault()
    // A dialog is in a portal, but its events reach the form that its button may stand in.
    event.stopPropagation()
    const input = toInput(textsOf(event.currentTarget))
    if (input !== undefined && !act.isPending) act.mutate(input, { onSuccess: onDone })
  }
  return (
    <form className="stack" onSubmit={submit}>
      <div className="effect">{effect}</div>
      {children}
      <Problem err={act.error} />
      <div className="actions end">
        <Button variant="default" onClick={onDone}>
          {texts.notNow}
        </Button>
        <Button type="submit" loading={act.isPending} color={isDanger ? 'red' : 'teal'}>
          {confirm}
        </Button>
      </div>
    </form>
  )
}
