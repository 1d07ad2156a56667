import { Link } from 'wouter'

/** The way back, where there is no room for the fleet beside what is looked at. */
export function BackLink({ href, label }: { href: string; label: string }) {
  return (
    <Link href={href} className="self-start text-small text-muted hover:text-ink lg:hidden">
      ‹ {label}
    </Link>
  )
}
