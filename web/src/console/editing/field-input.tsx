import { NativeSelect, Textarea, TextInput } from '@mantine/core'
import { useId } from 'react'
import type { Field } from './fields.ts'

type FieldInputProps = {
  readonly field: Field
  readonly value: string
  readonly onChange: (value: string) => void
}

const types = { text: 'text', list: 'text', number: 'number', moment: 'datetime-local' } as const

export function FieldInput({ field, value, onChange }: FieldInputProps) {
  const { name, label, kind, isRequired = false, hint, choices, suggestions } = field
  const list = useId()
  const shared = {
    name,
    label,
    value,
    required: isRequired,
    ...(hint === undefined ? {} : { description: hint }),
  }
  if (kind === 'choice')
    return (
      <NativeSelect
        {...shared}
        onChange={({ currentTarget }) => onChange(currentTarget.value)}
        data={Object.entries(choices ?? {}).map(([choice, text]) => ({ value: choice, label: text }))}
      />
    )
  if (kind === 'long' || kind === 'pairs' || kind === 'definitions')
    return (
      <Textarea
        {...shared}
        className="wide"
        rows={4}
        onChange={({ currentTarget }) => onChange(currentTarget.value)}
      />
    )
  return (
    <>
      <TextInput
        {...shared}
        type={types[kind]}
        {...(kind === 'number' ? { step: 'any', min: 0 } : {})}
        {...(suggestions ? { list } : {})}
        onChange={({ currentTarget }) => onChange(currentTarget.value)}
      />
      {suggestions ? (
        <datalist id={list}>
          {suggestions.map((text) => (
            <option key={text} value={text} />
          ))}
        </datalist>
      ) : null}
    </>
  )
}
