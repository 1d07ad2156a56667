import * as z from 'zod'

const textPart = z.object({ type: z.string(), text: z.string().optional() })
const content = z.union([z.string(), z.array(textPart)]).nullish()

/** What the server looks at in an OpenAI chat completion request; everything else is accepted and ignored. */
export const chatRequestSchema = z.object({
  model: z.string(),
  stream: z.boolean().default(false),
  messages: z.array(z.object({ role: z.string(), content })),
  tools: z.array(z.object({ function: z.object({ name: z.string() }) })).default([]),
})

export type ChatRequest = z.infer<typeof chatRequestSchema>
type Message = ChatRequest['messages'][number]

/** The text of the last message that a person wrote. */
export function lastUserText(request: ChatRequest): string {
  return textOf(request.messages.findLast(({ role }) => role === 'user'))
}

/** What the tool answered, if a tool has answered since the person's last message. */
export function toolResult(request: ChatRequest): string | undefined {
  const last = request.messages.at(-1)
  return last?.role === 'tool' ? textOf(last) : undefined
}

/** Whether the client only wants a title or a summary: such requests carry instructions but no tools. */
export function isHousekeeping(request: ChatRequest): boolean {
  if (request.tools.length > 0) return false
  return request.messages.some(
    (message) => message.role === 'system' && /title|summar/i.test(textOf(message)),
  )
}

export function offersTool(request: ChatRequest, name: string): boolean {
  return request.tools.some((tool) => tool.function.name === name)
}

function textOf(message: Message | undefined): string {
  const value = message?.content
  if (value === null || value === undefined) return ''
  return typeof value === 'string' ? value : value.map((part) => part.text ?? '').join('')
}
