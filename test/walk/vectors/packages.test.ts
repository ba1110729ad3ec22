import { fuzzFiles } from "../../support/fuzz.ts";
import { header } from "../../support/rpm-database.ts";

// No upstream has cases of these: what a package's file says of itself, mutated.
fuzzFiles("deb/package", [
  {
    "control.tar.gz!/control": Buffer.from(
      "Package: app\nVersion: 1:2.0-3\nArchitecture: amd64\nDepends: libc6 (>= 2.36), base (= 1.0), a | b\nDescription: x\n more\n",
    ),
    "data.tar.gz!/usr/share/doc/app/copyright": Buffer.from("Files: *\nLicense: MIT\n"),
    "data.tar.gz": Buffer.from(""),
  },
]);
fuzzFiles("rpm/package", [
  {
    header: Buffer.concat([
      Buffer.from("8eade80100000000", "hex"),
      header({
        1000: "app",
        1001: "2.0",
        1002: "1.el9",
        1014: "MIT",
        1048: [8, 0],
        1049: ["base", "lib"],
        1050: ["1.0-1", ""],
      }),
    ]),
  },
]);
fuzzFiles("apk/package", [
  {
    ".PKGINFO": Buffer.from(
      "# made\npkgname = app\npkgver = 1.0-r0\nlicense = MIT\ndepend = lynx\ndepend = so:libc.so.1\n",
    ),
  },
]);
fuzzFiles("gem/package", [
  {
    "metadata.gz!/metadata": Buffer.from(
      `--- !ruby/object:Gem::Specification\nname: app\nversion: !ruby/object:Gem::Version\n  version: 1.10\nplatform: ruby\ndependencies:\n- !ruby/object:Gem::Dependency\n  name: json\n  requirement: !ruby/object:Gem::Requirement\n    requirements:\n    - - ">="\n      - !ruby/object:Gem::Version\n        version: '0'\n  type: :runtime\nlicenses:\n- MIT\n`,
    ),
  },
]);
fuzzFiles("nuget/package", [
  {
    "App.nuspec": Buffer.from(
      `<?xml version="1.0"?><package><metadata><id>App</id><version>1.0.0</version><license type="expression">MIT</license><dependencies><group targetFramework="net8.0"><dependency id="Base" version="[2.0,)" /></group></dependencies></metadata></package>`,
    ),
  },
]);
