import type { ReactNode } from 'react'
import { Link } from 'wouter'
import { SignInFrame } from '../signIn/SignInFrame'

/** A page about one thing that a link or a code leads to, and the way to the fleet whatever it is. */
export function CardPage({ title, children }: { title: string; children: ReactNode }) {
  return (
    <SignInFrame title={title}>
      {children}
      <Link href="/" className="self-start text-accent underline underline-offset-2">
        Go to the fleet
      </Link>
    </SignInFrame>
  )
}
