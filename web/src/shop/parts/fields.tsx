import { useId, type ComponentProps, type ReactNode } from 'react'

type FieldProps = ComponentProps<'input'> & { readonly label: string; readonly hint?: string }

export function Field({ label, hint, className = '', ...input }: FieldProps) {
  const id = useId()
  return (
    <div className={`field ${className}`}>
      <label htmlFor={id}>{label}</label>
      <input id={id} {...input} {...(hint === undefined ? {} : { 'aria-describedby': `${id}-hint` })} />
      {hint === undefined ? null : (
        <small id={`${id}-hint`} className="quiet">
          {hint}
        </small>
      )}
    </div>
  )
}

type SelectProps = ComponentProps<'select'> & { readonly label: string; readonly children: ReactNode }

export function Select({ label, children, className = '', ...select }: SelectProps) {
  const id = useId()
  return (
    <div className={`field ${className}`}>
      <label htmlFor={id}>{label}</label>
      <select id={id} {...select}>
        {children}
      </select>
    </div>
  )
}

type ChoiceProps = {
  readonly name: string
  readonly value: string
  readonly isChosen: boolean
  readonly onChoose: () => void
  readonly children: ReactNode
}

/** One of several, as a line that can be pressed anywhere. */
export function Choice({ name, value, isChosen, onChoose, children }: ChoiceProps) {
  return (
    <label className="choice">
      <input type="radio" name={name} value={value} checked={isChosen} onChange={onChoose} />
      <span>{children}</span>
    </label>
  )
}

/** A button that says that its work is under way, and can't be pressed twice meanwhile. */
export function Button({
  isBusy = false,
  className = 'button',
  children,
  ...button
}: ComponentProps<'button'> & { readonly isBusy?: boolean }) {
  return (
    <button
      type="button"
      {...button}
      className={className}
      aria-disabled={isBusy}
      data-busy={isBusy || undefined}
      onClick={(event) => (isBusy ? event.preventDefault() : button.onClick?.(event))}
    >
      {children}
    </button>
  )
}
