// Prints what sign-in needs of a deployment, for `npx convex env set`: a key pair of its own, and the page's address.
import { generateKeyPairSync } from 'node:crypto'

const [, , siteUrl] = process.argv
if (siteUrl === undefined || !URL.canParse(siteUrl)) {
  process.stderr.write('Usage: node authKeys.js https://rollcall.example.com | npx convex env set\n')
  process.exit(2)
}

const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })
const pem = privateKey.export({ type: 'pkcs8', format: 'pem' })
const jwks = { keys: [{ use: 'sig', alg: 'RS256', ...publicKey.export({ format: 'jwk' }) }] }

// Convex Auth reads the key from one line.
process.stdout.write(`JWT_PRIVATE_KEY="${pem.trimEnd().replaceAll('\n', ' ')}"\n`)
process.stdout.write(`JWKS='${JSON.stringify(jwks)}'\n`)
process.stdout.write(`SITE_URL=${new URL(siteUrl).origin}\n`)
