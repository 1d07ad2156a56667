import { scriptedModels } from './scriptedModels'

/** The provider's id in opencode: its models are `scripted/ok`, `scripted/slow`, … */
const scriptedProviderId = 'scripted'

/** The part of an opencode configuration that makes the server at `url` its only provider, `ok` being the default model. */
export function scriptedProviderConfig(url: string): Record<string, unknown> {
  return {
    enabled_providers: [scriptedProviderId],
    model: `${scriptedProviderId}/ok`,
    small_model: `${scriptedProviderId}/ok`,
    provider: {
      [scriptedProviderId]: {
        name: 'Scripted model',
        npm: '@ai-sdk/openai-compatible',
        options: { baseURL: `${url}/v1`, apiKey: 'not-needed' },
        models: Object.fromEntries(
          scriptedModels.map(({ id, name }) => [
            id,
            {
              name,
              tool_call: true,
              reasoning: id === 'reasoning',
              limit: { context: 1_000_000, output: 100_000 },
            },
          ]),
        ),
      },
    },
  }
}
