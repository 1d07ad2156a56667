import { Link } from 'wouter'
import { buttonLook } from './buttonLook'

/** A link to another address of the page that stands among buttons. */
export function ButtonLink({ href, label, children }: { href: string; label?: string; children: string }) {
  return (
    <Link href={href} aria-label={label} className={buttonLook('quiet')}>
      {children}
    </Link>
  )
}
