import type { StaffUser } from 'tillstream-sdk'
import { ActButton } from '../../parts/act-button.tsx'
import { useAct } from '../../parts/act.ts'
import { api } from '../../session.ts'
import { useTexts } from '../../texts/texts.ts'

export function Block({ user: { id, email, blocked } }: { readonly user: StaffUser }) {
  const texts = useTexts().people
  const { button, effect } = blocked ? texts.unblock : texts.block
  const change = useAct({
    run: async (body: { readonly blocked: boolean }) => api().changeAccess({ path: { id }, body }),
  })
  return (
    <ActButton
      label={button}
      about={email}
      title={`${button}: ${email}`}
      size="xs"
      effect={effect}
      confirm={button}
      isDanger={!blocked}
      act={change}
      toInput={() => ({ blocked: !blocked })}
    />
  )
}
