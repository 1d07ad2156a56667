/** `provider/model` as opencode takes it; undefined if it has not that form. */
export function modelNamed(name: string): { providerID: string; modelID: string } | undefined {
  const slash = name.indexOf('/')
  return slash < 1 ? undefined : { providerID: name.slice(0, slash), modelID: name.slice(slash + 1) }
}
