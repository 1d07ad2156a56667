/** A model id that the server knows, and what it does with every request made to it. */
interface ScriptedModel {
  id: ScriptedModelId
  name: string
  does: string
}

export type ScriptedModelId = (typeof models)[number]['id']

const models = [
  {
    id: 'ok',
    name: 'Scripted: friendly',
    does: 'answers in a few sentences, streamed over one to two seconds',
  },
  {
    id: 'slow',
    name: 'Scripted: slow',
    does: 'streams one word each 200 ms for about two minutes, or as many as a line that begins with "words:" says',
  },
  { id: 'long', name: 'Scripted: long', does: 'answers with about 100 kB of text as fast as it can' },
  {
    id: 'unicode',
    name: 'Scripted: unicode',
    does: 'answers in many scripts, cut between and within characters',
  },
  { id: 'reasoning', name: 'Scripted: reasoning', does: 'streams reasoning first, then a short answer' },
  {
    id: 'tool',
    name: 'Scripted: bash tool',
    does: 'writes the line that begins with "say:", calls the bash tool with the one that begins with "run:" (or a harmless one), or any tool as in "call: write {…}", then answers with its output',
  },
  { id: 'hang', name: 'Scripted: hang', does: 'sends headers, then nothing, until the client goes away' },
  { id: 'e401', name: 'Scripted: refused key', does: 'answers 401' },
  { id: 'e429', name: 'Scripted: rate limit', does: 'answers 429, and asks to be tried again soon' },
  { id: 'e500', name: 'Scripted: server error', does: 'answers 500, and asks to be tried again soon' },
  { id: 'cut', name: 'Scripted: cut connection', does: 'streams a few words, then breaks the connection' },
  {
    id: 'eof',
    name: 'Scripted: no finish reason',
    does: 'streams a few words and ends cleanly without a finish_reason',
  },
  { id: 'malformed', name: 'Scripted: malformed', does: 'streams something that is not JSON' },
] as const satisfies readonly { id: string; name: string; does: string }[]

/** Every model of the server, in the order a picker should show them. */
export const scriptedModels: readonly ScriptedModel[] = models

export function isScriptedModelId(id: string): id is ScriptedModelId {
  return models.some((model) => model.id === id)
}
