import { Page } from '../../parts/page.tsx'
import { useTexts } from '../../texts/texts.ts'
import { SecondFactor } from './second-factor.tsx'
import { Sessions } from './sessions.tsx'

export function AccountPage() {
  const texts = useTexts()
  return (
    <Page title={texts.places.account} lead={texts.account.lead}>
      <div className="columns even">
        <SecondFactor />
        <Sessions />
      </div>
    </Page>
  )
}
