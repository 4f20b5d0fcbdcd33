import { Button, Modal } from '@mantine/core'
import { useTexts } from '../texts/texts.ts'

type SecretDialogProps = {
  readonly title: string
  readonly secret: string | undefined
  readonly onClose: () => void
}

/** What is shown once. It is not closed by a click beside it. */
export function SecretDialog({ title, secret, onClose }: SecretDialogProps) {
  const { once: texts, close } = useTexts()
  return (
    <Modal
      opened={secret !== undefined}
      onClose={onClose}
      title={title}
      closeButtonProps={{ 'aria-label': close }}
      closeOnClickOutside={false}
      lockScroll={false}
      centered
    >
      <div className="stack">
        <p>{texts.copy}</p>
        <code className="secret">{secret}</code>
        <div className="actions end">
          <Button onClick={onClose}>{texts.kept}</Button>
        </div>
      </div>
    </Modal>
  )
}
