import type { ChatMessage } from './ChatMessage'

const count = new Intl.NumberFormat('en-GB')
const dollars = new Intl.NumberFormat('en-GB', { minimumFractionDigits: 2, maximumFractionDigits: 2 })
/** Less than a dollar is mostly less than a cent. */
const cents = new Intl.NumberFormat('en-GB', { maximumSignificantDigits: 2 })

/**
 * What an answer cost: `1,234 tokens in, 56 out, $0.012`. What was read from the provider's cache is cheaper and told apart;
 * reasoning comes out like text. Without a known price there is no amount.
 */
export function usageWords(usage: NonNullable<ChatMessage['usage']>): string {
  const { usd, inputTokens, cacheWriteTokens, cacheReadTokens, outputTokens, reasoningTokens } = usage
  return [
    `${count.format(inputTokens + cacheWriteTokens)} tokens in`,
    ...(cacheReadTokens > 0 ? [`${count.format(cacheReadTokens)} from the cache`] : []),
    `${count.format(outputTokens + reasoningTokens)} out`,
    ...(usd > 0 ? [`$${(usd < 1 ? cents : dollars).format(usd)}`] : []),
  ].join(', ')
}
