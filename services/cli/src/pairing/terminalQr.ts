/** Modules of nothing around the code: scanners need them, and the terminal around it may be of the same colour. */
const BORDER = 2

/** The text as a QR code; undefined if output goes to no terminal, or to one that is too narrow. */
export async function terminalQr(text: string | undefined): Promise<string | undefined> {
  if (text === undefined || !process.stdout.isTTY) return undefined
  const { renderUnicodeCompact } = await import('uqr')
  const qr = renderUnicodeCompact(text, { border: BORDER })
  return qr.indexOf('\n') <= process.stdout.columns ? qr : undefined
}
