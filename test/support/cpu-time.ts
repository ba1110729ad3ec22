/** Milliseconds of CPU that this process has used: unlike the wall's, they do not grow where other work shares the machine. */
export function cpuTime(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}
