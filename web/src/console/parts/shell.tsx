import { Button, Drawer } from '@mantine/core'
import { useMutation } from '@tanstack/react-query'
import { useState, type ReactNode } from 'react'
import { Link } from '../../shared/router.tsx'
import { api } from '../session.ts'
import { useTexts } from '../texts/texts.ts'
import { JumpTo } from './jump-to.tsx'
import { Navigation } from './navigation.tsx'
import { ServiceNotice } from './notices.tsx'
import { Preferences } from './preferences.tsx'
import { useStaff } from './staff.ts'

export function Shell({ children }: { readonly children: ReactNode }) {
  const texts = useTexts()
  const [isOpen, setOpen] = useState(false)
  return (
    <div className="shell">
      <a className="skip" href="#content">
        {texts.skip}
      </a>
      <header className="topbar">
        <Button className="only-phone" variant="default" onClick={() => setOpen(true)}>
          {texts.menu}
        </Button>
        <Link to="/" className="brand">
          <img src="/console/icon.svg" alt="" width="26" height="26" /> Tillstream
        </Link>
        <JumpTo />
        <div className="only-wide">
          <Own />
        </div>
      </header>
      <aside className="sidebar" aria-label={texts.navigation}>
        <Navigation />
      </aside>
      <Drawer.Root opened={isOpen} onClose={() => setOpen(false)} size={280} lockScroll={false}>
        <Drawer.Overlay />
        <Drawer.Content>
          <div className="dialog-head">
            <Drawer.Title>{texts.menu}</Drawer.Title>
            <Drawer.CloseButton aria-label={texts.close} />
          </div>
          <Drawer.Body>
            <Navigation onGo={() => setOpen(false)} />
            <Own />
          </Drawer.Body>
        </Drawer.Content>
      </Drawer.Root>
      <main id="content" tabIndex={-1}>
        <ServiceNotice />
        {children}
      </main>
    </div>
  )
}

function Own() {
  const texts = useTexts()
  const { email, role } = useStaff()
  const logOut = useMutation({ mutationFn: async () => api().logOut() })
  return (
    <div className="own">
      <p>
        <Link to="/account">{email}</Link>
        <small className="quiet">{texts.roles[role]}</small>
      </p>
      <Preferences />
      <Button variant="subtle" size="xs" loading={logOut.isPending} onClick={() => logOut.mutate()}>
        {texts.logOut}
      </Button>
    </div>
  )
}
