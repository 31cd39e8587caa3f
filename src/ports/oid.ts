/** A git object name, 40 or 64 hex digits. */
export type Oid = string;
