import { TextInput } from '@mantine/core'
import type { StaffUser } from 'tillstream-sdk'
import { ActButton } from '../../parts/act-button.tsx'
import { useAct } from '../../parts/act.ts'
import { api } from '../../session.ts'
import { useTexts } from '../../texts/texts.ts'

/** It cannot be undone, so the address is typed once more. */
export function Erase({ user: { id, email } }: { readonly user: StaffUser }) {
  const texts = useTexts().people
  const erase = useAct({
    run: async (_: object) => api().eraseUser({ path: { id } }),
    done: texts.erased(email),
  })
  return (
    <ActButton
      label={texts.erase}
      about={email}
      title={`${texts.erase}: ${email}`}
      size="xs"
      effect={texts.eraseEffect}
      confirm={texts.erase}
      isDanger
      act={erase}
      toInput={({ typed }) => (typed === email ? {} : undefined)}
    >
      <TextInput
        label={texts.typeAddress(email)}
        name="typed"
        required
        pattern={email.replace(/[.*+?^${}()|[\]\\/-]/g, '\\$&')}
        autoComplete="off"
        data-autofocus
      />
    </ActButton>
  )
}
