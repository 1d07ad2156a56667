/** The other thing to do with the form: make an account, or sign in to one. */
export function OtherFlow({
  question,
  action,
  onChoose,
}: {
  question: string
  action: string
  onChoose: () => void
}) {
  return (
    <p className="text-muted">
      {question}{' '}
      <button type="button" className="text-accent underline underline-offset-2" onClick={onChoose}>
        {action}
      </button>
    </p>
  )
}
