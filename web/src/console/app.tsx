import { useQuery } from '@tanstack/react-query'
import { Suspense } from 'react'
import { Boundary } from '../shared/boundary.tsx'
import { usePlace } from '../shared/router.tsx'
import { useStore } from '../shared/store.ts'
import { pageAt } from './places.tsx'
import { Fault, Loading, Note } from './parts/notices.tsx'
import { Page } from './parts/page.tsx'
import { Shell } from './parts/shell.tsx'
import { SignIn } from './parts/sign-in.tsx'
import { StaffProvider, staffQuery, useStaff } from './parts/staff.ts'
import { Toasts } from './parts/toasts.tsx'
import { session } from './session.ts'
import { useTexts } from './texts/texts.ts'

export function App() {
  const isLoggedIn = useStore(session) !== undefined
  return (
    <>
      {isLoggedIn ? <Work /> : <SignIn />}
      <Toasts />
    </>
  )
}

function Work() {
  const { data: staff, error, isError, refetch } = useQuery(staffQuery)
  if (!staff) {
    if (isError)
      return (
        <main className="alone">
          <Fault err={error} onAgain={() => void refetch()} />
        </main>
      )
    return (
      <main className="alone">
        <Loading />
      </main>
    )
  }
  if (staff.role === 'customer') return <SignIn isCustomer />
  return (
    <StaffProvider value={staff}>
      <Shell>
        <Place />
      </Shell>
    </StaffProvider>
  )
}

function Place() {
  const { path } = usePlace()
  const { may } = useStaff()
  const texts = useTexts()
  const found = pageAt(path)
  if (!found || !may(found.permission))
    return (
      <Page title={found ? texts.forbidden.title : texts.missing.title}>
        <Note tone="warn">{found ? texts.forbidden.text : texts.missing.text}</Note>
      </Page>
    )
  return (
    <Boundary key={path} fault={(err, again) => <Fault err={err} onAgain={again} />}>
      <Suspense fallback={<Loading />}>{found.page}</Suspense>
    </Boundary>
  )
}
