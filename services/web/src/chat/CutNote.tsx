/** Below a text that is longer than what is kept of it. */
export function CutNote() {
  return <p className="text-muted">Cut: it is longer than what is kept of it.</p>
}
