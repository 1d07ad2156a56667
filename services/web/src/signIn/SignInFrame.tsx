import type { ReactNode } from 'react'

/** The centred column of everything before the fleet. */
export function SignInFrame({ title, children }: { title: string; children: ReactNode }) {
  return (
    <main className="flex min-h-full flex-col items-center justify-center p-4">
      <title>{`${title} · Rollcall`}</title>
      <div className="flex w-full max-w-form flex-col gap-5 rounded-lg border border-line bg-surface p-6">
        <div>
          <p className="text-small text-muted">Rollcall</p>
          <h1 className="text-title font-semibold">{title}</h1>
        </div>
        {children}
      </div>
    </main>
  )
}
