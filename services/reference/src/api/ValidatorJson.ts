/** A validator as Convex writes it down: `exportArgs`, and `json` of a validator. */
export type ValidatorJson =
  | { type: 'object'; value: Record<string, { fieldType: ValidatorJson; optional: boolean }> }
  | { type: 'array'; value: ValidatorJson }
  | { type: 'union'; value: ValidatorJson[] }
  | { type: 'literal'; value: string | number | boolean }
  | { type: 'id'; tableName: string }
  | { type: 'string' | 'number' | 'boolean' | 'null' | 'any' | 'bigint' | 'bytes' }
  | { type: 'record'; keys: ValidatorJson; values: { fieldType: ValidatorJson } }
