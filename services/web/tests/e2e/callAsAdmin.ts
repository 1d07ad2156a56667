/** Calls a function with the admin key, as the CLI does: internal ones too. */
export async function callAsAdmin(
  { url, adminKey }: { url: string; adminKey: string },
  path: string,
  args: Record<string, unknown>,
): Promise<unknown> {
  const response = await fetch(`${url}/api/function`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json', Authorization: `Convex ${adminKey}` },
    body: JSON.stringify({ path, args, format: 'convex_encoded_json' }),
  })
  const answer = (await response.json()) as { status?: string; value?: unknown; errorMessage?: string }
  if (answer.status !== 'success') throw new Error(answer.errorMessage ?? `${path}: ${response.status}`)
  return answer.value
}
