import type { ReactNode } from 'react'
import { Link } from 'wouter'
import { SignInFrame } from '../signIn/SignInFrame'

/** What is said about a link to a machine, and the way to the fleet whatever it is. */
export function JoinFrame({ title, children }: { title: string; children: ReactNode }) {
  return (
    <SignInFrame title={title}>
      {children}
      <Link href="/" className="self-start text-accent underline underline-offset-2">
        Go to the fleet
      </Link>
    </SignInFrame>
  )
}
