import axe from 'axe-core'
import type { Page } from 'playwright-core'

const sizes = [
  { width: 1280, height: 800 },
  { width: 390, height: 844 },
]

/**
 * What axe finds serious or critical on the page as it is, in both themes, on a screen and on a phone: which rule, in which
 * of them, and where. Leaves the page in the usual size and light.
 */
export async function seriousFaults(page: Page): Promise<string[]> {
  await page.evaluate(axe.source)
  const faults: string[] = []
  for (const size of sizes.toReversed()) {
    await page.setViewportSize(size)
    for (const colorScheme of ['dark', 'light'] as const) {
      await page.emulateMedia({ colorScheme })
      faults.push(...(await faultsNow(page)).map((fault) => `${colorScheme}, ${size.width} px: ${fault}`))
    }
  }
  return faults
}

async function faultsNow(page: Page): Promise<string[]> {
  const { violations } = await page.evaluate(
    async () =>
      await (window as unknown as { axe: typeof axe }).axe.run({ resultTypes: ['violations'] } as const),
  )
  return violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .flatMap(({ id, help, nodes }) =>
      nodes.map(({ html, failureSummary = '' }) => `${id} (${help}) ${html}\n${failureSummary}`),
    )
}
