export type { ForgeUser } from './accounts.ts';
export type { ForgeClock } from './clock.ts';
export type { FaultEffect, FaultHandle, FaultScope, FaultSpec, Faults } from './http/faults.ts';
export type { Limits, Quota, QuotaChange } from './http/limits.ts';
export type { RequestEntry, RequestFilter, RequestLog } from './http/request-log.ts';
export type { Role } from './records.ts';
export type { IssueSeed, RepositorySeed } from './seed.ts';
export type { Forge, ForgeOptions } from './start.ts';
export { startForge } from './start.ts';
