import { describe, expect, test } from 'vitest'
import { describeAudit, type AuditEvent } from '../src/account/describeAudit'

type What = AuditEvent['what']
type OfKind<Kind> = Extract<What, { kind: Kind }> extends never ? What : Extract<What, { kind: Kind }>

const ada = 'ada@example.com'
const bob = 'bob@example.com'
const onApi = { machine: 'build-03', worker: 'api' }
const host = { hostname: 'laptop', user: 'bob', directory: '/home/bob/web', workerName: 'web' }

/** Every kind has an entry: the type asks for it. */
const sentences: { [Kind in What['kind']]: [by: string, what: OfKind<Kind>, sentence: string][] } = {
  signedIn: [
    [ada, { kind: 'signedIn', address: '203.0.113.7' }, 'ada@example.com signed in from 203.0.113.7'],
    [ada, { kind: 'signedIn' }, 'ada@example.com signed in'],
  ],
  signInEnded: [[ada, { kind: 'signInEnded' }, 'ada@example.com signed another browser out']],
  passwordChanged: [[ada, { kind: 'passwordChanged' }, 'ada@example.com changed the password']],
  workerAdded: [[ada, { kind: 'workerAdded', ...onApi }, 'ada@example.com added api to build-03']],
  workerApproved: [[ada, { kind: 'workerApproved', ...onApi }, 'ada@example.com approved api on build-03']],
  workerRevoked: [[ada, { kind: 'workerRevoked', ...onApi }, 'ada@example.com revoked api on build-03']],
  workerRemoved: [[ada, { kind: 'workerRemoved', ...onApi }, 'ada@example.com removed api from build-03']],
  tokenReplaced: [
    [
      'whoever runs the backend',
      { kind: 'tokenReplaced', ...onApi },
      'whoever runs the backend replaced the token of api on build-03',
    ],
  ],
  policySet: [
    [
      ada,
      { kind: 'policySet', policy: 'readOnly', ...onApi },
      'ada@example.com set what api on build-03 may do: Read only',
    ],
  ],
  commanded: [
    [
      ada,
      { kind: 'commanded', command: { kind: 'restart', when: 'idle' }, ...onApi },
      'ada@example.com told api on build-03 to restart when idle',
    ],
    [
      ada,
      { kind: 'commanded', command: { kind: 'stop', when: 'now' }, ...onApi },
      'ada@example.com told api on build-03 to stop',
    ],
  ],
  allCommanded: [
    [
      ada,
      {
        ...{ kind: 'allCommanded', machine: 'build-03', oneByOne: true },
        command: { kind: 'restart', when: 'now' },
      },
      'ada@example.com told all workers on build-03 to restart, one by one',
    ],
  ],
  workerPaired: [
    [
      ada,
      {
        kind: 'workerPaired',
        host: { ...host, address: '203.0.113.7' },
        ...{ machine: 'laptop', worker: 'web' },
      },
      'ada@example.com let web on laptop join (bob@laptop, 203.0.113.7)',
    ],
    [
      ada,
      { kind: 'workerPaired', host, machine: 'laptop', worker: 'web' },
      'ada@example.com let web on laptop join (bob@laptop)',
    ],
  ],
  machineRemoved: [
    [ada, { kind: 'machineRemoved', machine: 'build-03' }, 'ada@example.com removed build-03'],
  ],
  shared: [
    [
      bob,
      { kind: 'shared', role: 'viewer', machine: 'build-03', person: bob },
      'bob@example.com may look at build-03 now',
    ],
    [
      bob,
      { kind: 'shared', role: 'operator', machine: 'build-03', person: bob },
      'bob@example.com may chat on build-03 now',
    ],
  ],
  shareEnded: [
    [bob, { kind: 'shareEnded', machine: 'build-03', person: bob }, 'bob@example.com left build-03'],
    [
      ada,
      { kind: 'shareEnded', machine: 'build-03', person: bob },
      'ada@example.com ended the sharing of build-03 with bob@example.com',
    ],
  ],
  settingsChanged: [
    [
      'whoever runs the backend',
      {
        kind: 'settingsChanged',
        from: { heartbeatIntervalMs: 30_000, staleThresholdMs: 90_000, isSignUpOpen: false },
        to: { heartbeatIntervalMs: 60_000, staleThresholdMs: 150_000, isSignUpOpen: true },
      },
      'whoever runs the backend changed the settings: heartbeat interval from 30 s to 1 min, stale threshold from 90 s to 150 s, sign-up from closed to open',
    ],
    [
      ada,
      {
        kind: 'settingsChanged',
        from: {
          unstableFailures: 5,
          alertCrashesPerHour: 10,
          alertLostPercent: 20,
          chatRetentionMs: 31_536_000_000,
        },
        to: {
          unstableFailures: 3,
          alertCrashesPerHour: 0,
          alertLostPercent: 30,
          chatRetentionMs: 2_592_000_000,
        },
      },
      'ada@example.com changed the settings: failures of an unstable worker from 5 to 3, alert on crashes per hour from 10 to 0 (off), alert on share of the fleet lost from 20 % to 30 %, retention of chats from 365 d to 30 d',
    ],
  ],
  overridesSet: [
    [
      ada,
      { kind: 'overridesSet', machine: 'build-03', from: {}, to: { shutdownTimeoutMs: 20_000 } },
      'ada@example.com changed the shutdown timeout on build-03 from the deployment’s to 20 s',
    ],
    [
      ada,
      { kind: 'overridesSet', machine: 'build-03', from: { shutdownTimeoutMs: 20_000 }, to: {} },
      'ada@example.com changed the shutdown timeout on build-03 from 20 s to the deployment’s',
    ],
    [
      ada,
      {
        ...{ kind: 'overridesSet', machine: 'build-03', from: { staleThresholdMs: 60_000 } },
        to: { staleThresholdMs: 600_000, shutdownTimeoutMs: 20_000 },
      },
      'ada@example.com changed the stale threshold on build-03 from 1 min to 10 min, the shutdown timeout from the deployment’s to 20 s',
    ],
  ],
}

describe.each(Object.entries(sentences))('%s', (_kind, cases) => {
  test.each(cases)('%s, %o: %s', (by, what, sentence) => {
    expect(describeAudit({ by, what })).toBe(sentence)
  })
})
