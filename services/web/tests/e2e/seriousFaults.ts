import axe from 'axe-core'
import type { Page } from 'playwright-core'

/** Each size and each theme once. */
const looks = [
  { colorScheme: 'dark', width: 390, height: 844 },
  { colorScheme: 'light', width: 1280, height: 800 },
] as const

/**
 * What axe finds serious or critical on the page as it is, dark on a phone and light on a screen: which rule, in which of
 * them, and where. Leaves the page in the usual size and light.
 */
export async function seriousFaults(page: Page): Promise<string[]> {
  await page.evaluate(axe.source)
  const faults: string[] = []
  for (const { colorScheme, width, height } of looks) {
    await page.setViewportSize({ width, height })
    await page.emulateMedia({ colorScheme })
    faults.push(...(await faultsNow(page)).map((fault) => `${colorScheme}, ${width} px: ${fault}`))
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
