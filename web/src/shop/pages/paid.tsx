import { useEffect } from 'react'
import { navigate } from '../../shared/router.tsx'
import { payingOrder } from '../parts/draft.ts'
import { Skeleton } from '../parts/notices.tsx'

/** Where the bank sends customers back to: on to their order, which says what has become of the payment. */
export function PaidPage() {
  useEffect(() => {
    const id = payingOrder()
    navigate(id === null ? '/orders' : `/orders/${id}`, { replaces: true })
  }, [])
  return <Skeleton lines={6} />
}
