import { Page } from '../../parts/page.tsx'
import { useStaff } from '../../parts/staff.ts'
import { useTexts } from '../../texts/texts.ts'
import { useLiveOrders } from '../orders/queries.ts'
import { Figures } from './figures.tsx'
import { LowStock } from './low-stock.tsx'
import { Needs } from './needs.tsx'

export function HomePage() {
  const texts = useTexts()
  const { may } = useStaff()
  useLiveOrders(may('orders:read'))
  return (
    <Page title={texts.places.home}>
      <div className="panels">
        <Needs />
        {may('analytics:read') ? <Figures /> : null}
        {may('stock:read') ? <LowStock /> : null}
      </div>
    </Page>
  )
}
