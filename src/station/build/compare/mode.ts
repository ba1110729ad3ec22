/**
 * Whether two modes differ only in what a umask decides: permissions of group and others. The owner's permissions, and so
 * whether a program can be run, set-user-id, set-group-id, sticky bit and file type must be equal.
 */
export function sameButUmask(a: number, b: number): boolean {
  return (a & ~0o077) === (b & ~0o077);
}
