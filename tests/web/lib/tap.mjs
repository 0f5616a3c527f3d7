// SPDX-License-Identifier: Apache-2.0
// What came of every test, in the form that .ci/counts adds up.
import { writeFileSync } from 'node:fs';

export class Results {
    constructor() {
        this.rows = [];
    }

    passed(name) {
        this.rows.push({ name, outcome: 'passed', told: [] });
    }

    failed(name, told) {
        this.rows.push({ name, outcome: 'failed', told });
    }

    skipped(name, reason) {
        this.rows.push({ name, outcome: 'skipped', told: [], reason });
    }

    // One test: what it throws is what is wrong.
    async test(name, body) {
        try {
            await body();
            this.passed(name);
        } catch (error) {
            const told = error.wrongs ?? [
                error.code === 'ERR_ASSERTION' ? error.message : error.stack,
            ];
            this.failed(name, told);
        }
    }

    count(outcome) {
        return this.rows.filter((row) => row.outcome === outcome).length;
    }

    failures() {
        return this.rows.filter((row) => row.outcome === 'failed');
    }

    write(path) {
        const lines = [`1..${this.rows.length}`];
        for (const row of this.rows) {
            const name = row.name.replaceAll('#', '');
            if (row.outcome === 'skipped') {
                lines.push(`ok - ${name} # SKIP ${row.reason}`);
            } else {
                lines.push(`${row.outcome === 'passed' ? 'ok' : 'not ok'} - ${name}`);
                lines.push(
                    ...row.told.flatMap((text) => text.split('\n')).map((line) => `  # ${line}`),
                );
            }
        }
        writeFileSync(path, `${lines.join('\n')}\n`);
    }
}

// Everything that is wrong with one thing, told at once.
export class Wrongs extends Error {
    constructor(wrongs) {
        super(wrongs.join('\n'));
        this.wrongs = wrongs;
    }

    static check(wrongs) {
        if (wrongs.length > 0) {
            throw new Wrongs(wrongs);
        }
    }
}
