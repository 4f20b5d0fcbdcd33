import { NativeSelect } from '@mantine/core'
import { useTexts } from '../texts/texts.ts'

type ChoiceFilterProps = {
  readonly label: string
  readonly value: string | undefined
  readonly choices: Readonly<Record<string, string>>
  readonly onChoose: (value: string) => void
}

export function ChoiceFilter({ label, value = '', choices, onChoose }: ChoiceFilterProps) {
  const texts = useTexts()
  return (
    <NativeSelect
      label={label}
      value={value}
      onChange={({ currentTarget }) => onChoose(currentTarget.value)}
      data={[
        { value: '', label: texts.any },
        ...Object.entries(choices).map(([name, text]) => ({ value: name, label: text })),
      ]}
    />
  )
}
