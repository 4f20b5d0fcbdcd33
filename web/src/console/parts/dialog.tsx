import { Modal } from '@mantine/core'
import type { ReactNode } from 'react'
import { useTexts } from '../texts/texts.ts'

type DialogProps = {
  readonly title: string
  readonly isOpen: boolean
  readonly onClose: () => void
  readonly isWide?: boolean
  /** A click beside it does not close it. */
  readonly isSticky?: boolean
  readonly children: ReactNode
}

/**
 * Mantine's own one has a `header` that counts as a second banner of the page, and keeps the page from scrolling by a
 * style that the policy refuses.
 */
export function Dialog({ title, isOpen, onClose, isWide = false, isSticky = false, children }: DialogProps) {
  const texts = useTexts()
  return (
    <Modal.Root
      opened={isOpen}
      onClose={onClose}
      size={isWide ? 'lg' : 'md'}
      closeOnClickOutside={!isSticky}
      lockScroll={false}
      centered
    >
      <Modal.Overlay />
      <Modal.Content>
        <div className="dialog-head">
          <Modal.Title>{title}</Modal.Title>
          <Modal.CloseButton aria-label={texts.close} />
        </div>
        <Modal.Body>{children}</Modal.Body>
      </Modal.Content>
    </Modal.Root>
  )
}
