import { Button } from '@mantine/core'
import { useTexts } from '../texts/texts.ts'
import { Dialog } from './dialog.tsx'

type SecretDialogProps = {
  readonly title: string
  readonly secret: string | undefined
  readonly onClose: () => void
}

/** What is shown once. It is not closed by a click beside it. */
export function SecretDialog({ title, secret, onClose }: SecretDialogProps) {
  const texts = useTexts().once
  return (
    <Dialog title={title} isOpen={secret !== undefined} onClose={onClose} isSticky>
      <div className="stack">
        <p>{texts.copy}</p>
        <code className="secret">{secret}</code>
        <div className="actions end">
          <Button onClick={onClose}>{texts.kept}</Button>
        </div>
      </div>
    </Dialog>
  )
}
