/** CPU milliseconds that this process has used: what bounds the cost of hostile input whatever else the machine does. */
export function cpuMilliseconds(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}
