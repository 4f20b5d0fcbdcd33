import { TextInput } from '@mantine/core'
import { useEffect, useRef, type FormEvent } from 'react'
import { navigate } from '../../shared/router.tsx'
import { useTexts } from '../texts/texts.ts'
import { useStaff } from './staff.ts'

const id = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i

/** Leads to an order by its id, to a buyer's orders by an e-mail address, and to products by anything else. */
export function JumpTo() {
  const texts = useTexts()
  const { may } = useStaff()
  const field = useRef<HTMLInputElement>(null)
  useEffect(() => {
    const focus = (event: KeyboardEvent): void => {
      const { target } = event
      const isTyping =
        target instanceof HTMLElement && target.closest('input, textarea, select, dialog') !== null
      if (event.key !== '/' || isTyping || event.ctrlKey || event.metaKey) return
      event.preventDefault()
      field.current?.focus()
    }
    addEventListener('keydown', focus)
    return () => removeEventListener('keydown', focus)
  }, [])
  const jump = (event: FormEvent<HTMLFormElement>): void => {
    event.preventDefault()
    const wanted = field.current?.value.trim() ?? ''
    if (wanted === '') return
    const isOfOrders = may('orders:read')
    if (isOfOrders && id.test(wanted)) navigate(`/orders/${wanted}`)
    else if (isOfOrders && wanted.includes('@')) navigate(`/orders?email=${encodeURIComponent(wanted)}`)
    else navigate(`/products?q=${encodeURIComponent(wanted)}`)
  }
  return (
    <form role="search" className="jump" onSubmit={jump}>
      <TextInput
        ref={field}
        type="search"
        aria-label={texts.jump.label}
        placeholder={texts.jump.hint}
        aria-keyshortcuts="/"
      />
    </form>
  )
}
