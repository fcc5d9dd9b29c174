/** CPU time that this process has used, in milliseconds: what is slow on a busy machine is not slow by this. */
export function cpuMs(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}
