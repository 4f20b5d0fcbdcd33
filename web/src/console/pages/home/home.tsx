import { Page } from '../../parts/page.tsx'
import { useStaff } from '../../parts/staff.ts'
import { useTexts } from '../../texts/texts.ts'
import { Figures } from './figures.tsx'
import { LowStock } from './low-stock.tsx'
import { Needs } from './needs.tsx'

export function HomePage() {
  const texts = useTexts()
  const { may } = useStaff()
  return (
    <Page title={texts.places.home}>
      <div className="panels">
        <Needs />
        {may('analytics:read') ? <Figures /> : null}
        <LowStock />
      </div>
    </Page>
  )
}
