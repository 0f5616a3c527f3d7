// SPDX-License-Identifier: Apache-2.0
// Makes the page and writes it as C arrays, packed.
// usage: node build.mjs OUT.c
import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";

const here = dirname(fileURLToPath(import.meta.url));
const modules = join(here, "node_modules");
const viewer = join(modules, "swagger-ui-dist");
const out = process.argv[2];
const made = mkdtempSync(join(tmpdir(), "jig-docs-"));

/** What the viewer is made of, and under which licences. */
function licences() {
    const names = ["LICENSE", "NOTICE", "swagger-ui-bundle.js.LICENSE.txt"];
    return Buffer.concat(names.map((name) => readFileSync(join(viewer, name))));
}

/** Without the reference to a source map that is not served. */
function script() {
    const text = readFileSync(join(viewer, "swagger-ui-bundle.js"), "utf8");
    return Buffer.from(text.replace(/\n?\/\/# sourceMappingURL=\S+\s*$/, "\n"));
}

function style() {
    const text = readFileSync(join(viewer, "swagger-ui.css"), "utf8");
    return Buffer.from(text.replace(/\n?\/\*# sourceMappingURL=\S+ ?\*\/\s*$/, "\n"));
}

try {
    execFileSync(
        process.execPath,
        [join(modules, "typescript", "bin", "tsc"), "--project", here, "--outDir", made],
        { stdio: "inherit" },
    );
    const files = [
        ["docs.html", "text/html; charset=utf-8", readFileSync(join(here, "src", "docs.html"))],
        ["docs.js", "text/javascript; charset=utf-8", readFileSync(join(made, "docs.js"))],
        ["viewer.js", "text/javascript; charset=utf-8", script()],
        ["viewer.css", "text/css; charset=utf-8", style()],
        ["licences.txt", "text/plain; charset=utf-8", licences()],
    ];
    const rows = [];
    let text = '/* generated from api/web */\n#include "api/docs.h"\n';
    files.forEach(([name, type, bytes], number) => {
        const packed = gzipSync(bytes, { level: 9 });
        text += `static const unsigned char file_${number}[] = {${packed.join(",")}};\n`;
        rows.push(`    {"${name}", "${type}", file_${number}, sizeof file_${number}, ${bytes.length}}`);
    });
    text += `const struct docs_file docs_files[] = {\n${rows.join(",\n")}};\n`;
    text += `const size_t docs_file_count = ${files.length};\n`;
    writeFileSync(out, text);
} finally {
    rmSync(made, { recursive: true, force: true });
}
