import { readFileSync } from "node:fs";
import { cleanText } from "../../artifact/clean-text.ts";
import { Fault } from "../../model/fault.ts";

const WITHOUT = "or say --no-sandbox and accept that the papers then state an unsandboxed build";

/** `WB-SANDBOX-MISSING`: there is no bwrap on PATH, or this is no Linux. */
export function sandboxMissing(platform: string): Fault {
  return new Fault({
    code: "WB-SANDBOX-MISSING",
    kind: "unchecked",
    what: "the build sandbox is not installed",
    expected: "bubblewrap (bwrap) on PATH",
    found: platform === "linux" ? "no bwrap" : `the system ${platform}, which has no bubblewrap`,
    fix: platform === "linux" ? `apt-get install bubblewrap, ${WITHOUT}` : `build on Linux, ${WITHOUT}`,
  });
}

/**
 * What bwrap's own failure means: `WB-SANDBOX-FORBIDDEN` where the system does not let a user make namespaces, else
 * `WB-SANDBOX-FAILED`. `complaint` is bwrap's stderr.
 */
export function sandboxFault(path: string, error: Error | undefined, complaint: string): Fault {
  if ((error as NodeJS.ErrnoException | undefined)?.code === "ENOENT") return sandboxMissing(process.platform);
  const found = cleanText((error?.message ?? complaint.trim()) || "bwrap ended without a word", 300);
  const forbidden =
    /EPERM|namespace|uid map|gid map|not permitted|(?<!source path \S{1,300}: )Permission denied|RTM_NEWADDR|proc on/i.test(
      found,
    );
  return new Fault({
    code: forbidden ? "WB-SANDBOX-FORBIDDEN" : "WB-SANDBOX-FAILED",
    kind: "unchecked",
    what: forbidden ? "this system does not let a user open a sandbox" : "the build sandbox could not be opened",
    where: path,
    found,
    fix: forbidden ? `${permission()}, ${WITHOUT}` : `see what bwrap says, ${WITHOUT}`,
  });
}

function permission(): string {
  if (setting("kernel/apparmor_restrict_unprivileged_userns") === "1")
    return (
      "allow bwrap by an AppArmor profile: printf 'abi <abi/4.0>,\\ninclude <tunables/global>\\nprofile bwrap " +
      "/usr/bin/bwrap flags=(unconfined) {\\n  userns,\\n}\\n' | sudo tee /etc/apparmor.d/bwrap && " +
      "sudo apparmor_parser -r /etc/apparmor.d/bwrap"
    );
  if (setting("kernel/unprivileged_userns_clone") === "0") return "sudo sysctl kernel.unprivileged_userns_clone=1";
  if (setting("user/max_user_namespaces") === "0") return "sudo sysctl user.max_user_namespaces=10000";
  return "allow user namespaces (in a container: its seccomp profile, or run on the host)";
}

function setting(name: string): string | undefined {
  try {
    return readFileSync(`/proc/sys/${name}`, "utf8").trim();
  } catch {
    return undefined;
  }
}
