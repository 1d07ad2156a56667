import { useAuthActions } from '@convex-dev/auth/react'
import { Button } from '../components/Button'
import { Problem } from '../components/Problem'
import { useTask } from '../components/useTask'

/** The way over GitHub, and the divider between it and the password. */
export function GitHubSignIn() {
  const { signIn } = useAuthActions()
  const { run, isRunning, problem } = useTask(async () => {
    await signIn('github')
  })
  return (
    <div className="flex flex-col gap-4">
      <Button className="h-8" onClick={() => run()} isBusy={isRunning}>
        Sign in with GitHub
      </Button>
      <Problem text={problem} />
      <div className="flex items-center gap-3 text-small text-muted before:h-px before:flex-1 before:bg-line after:h-px after:flex-1 after:bg-line">
        or
      </div>
    </div>
  )
}
