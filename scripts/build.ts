// npm run build: one bundled entry, one lazily loaded file per command, the library's rooms, the sandbox bridge.
import { rmSync } from "node:fs";
import { build } from "esbuild";

rmSync("dist", { recursive: true, force: true });
await build({
  entryPoints: { cli: "src/cli/main.ts", index: "src/index.ts" },
  outdir: "dist",
  bundle: true,
  splitting: true,
  format: "esm",
  platform: "node",
  target: "node24",
  sourcemap: true,
  minifySyntax: true,
  chunkNames: "chunks/[name]-[hash]",
  legalComments: "linked",
  // Under the condition `node` yaml is CommonJS, which cannot be bundled into ECMAScript modules; its other build is the same code.
  alias: { yaml: "./node_modules/yaml/browser/dist/index.js" },
});
await build({
  entryPoints: { bridge: "src/station/build/bridge.ts" },
  outdir: "dist",
  bundle: true,
  format: "esm",
  platform: "node",
  target: "node20",
});
