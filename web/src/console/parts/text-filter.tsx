import { TextInput } from '@mantine/core'
import { useEffect, useRef } from 'react'

type TextFilterProps = {
  readonly label: string
  readonly value: string | undefined
  readonly placeholder?: string
  readonly type?: 'search' | 'date'
  readonly onChoose: (value: string) => void
}

const restMs = 350

/** Filters when the reader has stopped typing. */
export function TextFilter({ label, value = '', placeholder, type = 'search', onChoose }: TextFilterProps) {
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined)
  const field = useRef<HTMLInputElement>(null)
  useEffect(() => {
    // The way back changes the address without the field.
    if (field.current && document.activeElement !== field.current) field.current.value = value
  }, [value])
  useEffect(() => () => clearTimeout(timer.current), [])
  return (
    <TextInput
      ref={field}
      label={label}
      type={type}
      defaultValue={value}
      {...(placeholder === undefined ? {} : { placeholder })}
      onChange={({ currentTarget: { value: typed } }) => {
        clearTimeout(timer.current)
        timer.current = setTimeout(() => onChoose(typed.trim()), restMs)
      }}
    />
  )
}
