/** What went wrong, where it went wrong; read out at once. Renders its live region also while there is nothing to say. */
export function Problem({ text }: { text: string | undefined }) {
  return (
    <div role="alert" className="text-red empty:hidden">
      {text}
    </div>
  )
}
