// Runs inside the sandbox, on any Node since 18, alone: each port of lo leads to one Unix socket of the proxy outside.
//   node bridge PORT=SOCKET… -- COMMAND ARGUMENT…
// Ends with the command's own exit code.
import { spawn } from "node:child_process";
import { connect, createServer } from "node:net";

const end = process.argv.indexOf("--");
const routes = process.argv.slice(2, end);
const [program = "", ...args] = process.argv.slice(end + 1);

const listening = routes.map((route) => {
  const at = route.indexOf("=");
  const server = createServer({ allowHalfOpen: true }, (client) => {
    const upstream = connect({ path: route.slice(at + 1), allowHalfOpen: true });
    client.pipe(upstream).pipe(client);
    client.on("error", () => upstream.destroy());
    upstream.on("error", () => client.destroy());
  });
  return new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(Number(route.slice(0, at)), "127.0.0.1", () => resolve());
  });
});

await Promise.all(listening);
const child = spawn(program, args, { stdio: "inherit" });
child.on("error", (error) => {
  console.error(error.message);
  process.exit(127);
});
child.on("exit", (code, signal) => process.exit(code ?? (signal === "SIGKILL" ? 137 : 143)));
