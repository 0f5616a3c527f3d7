// SPDX-License-Identifier: Apache-2.0
// A server of its own for a test: a new store, a free port of this machine, gone at the end.
import { spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const START_MS = 20_000;
const STOP_MS = 20_000;

export class Server {
    // `options`: more arguments of `jig serve`.
    static async start(binary, options = []) {
        const server = new Server();
        server.binary = binary;
        server.folder = mkdtempSync(join(tmpdir(), 'jig-web-'));
        server.store = join(server.folder, 'store');
        const words = [
            'serve',
            '--listen',
            '127.0.0.1:0',
            '--store',
            server.store,
            '--without-library',
            '--open',
        ];
        server.process = spawn(binary, [...words, ...options], {
            stdio: ['ignore', 'pipe', 'pipe'],
        });
        server.printed = '';
        server.exited = new Promise((resolve) => server.process.once('exit', resolve));
        server.process.once('error', (error) => {
            server.printed += String(error);
        });
        server.process.stderr.on('data', (bytes) => {
            server.printed += bytes;
        });
        server.port = await server.#toldPort();
        server.base = `http://127.0.0.1:${server.port}`;
        return server;
    }

    #toldPort() {
        return new Promise((resolve, reject) => {
            const fail = (why) => reject(new Error(`${why}: ${this.printed}`));
            const timer = setTimeout(() => fail('the server did not start in time'), START_MS);
            this.exited.then((code) => fail(`the server ended with ${code}`));
            this.process.stdout.on('data', (bytes) => {
                this.printed += bytes;
                const told = /http:\/\/127\.0\.0\.1:(\d+)\//.exec(this.printed);
                if (told !== null) {
                    clearTimeout(timer);
                    resolve(Number(told[1]));
                }
            });
        });
    }

    // Ends the server and looks whether its store agrees; both are told as sentences.
    async stop() {
        const wrongs = [];
        this.process.kill('SIGTERM');
        const timer = setTimeout(() => this.process.kill('SIGKILL'), STOP_MS);
        const code = await this.exited;
        clearTimeout(timer);
        if (code !== 0) {
            wrongs.push(
                `the server ended with ${code ?? 'a signal'}: ${this.printed.slice(-2000)}`,
            );
        }
        const verified = spawnSync(this.binary, ['verify-store', '--store', this.store], {
            encoding: 'utf8',
        });
        if (verified.status !== 0) {
            wrongs.push(`jig verify-store: ${verified.stdout}${verified.stderr}`);
        }
        rmSync(this.folder, { recursive: true, force: true });
        return wrongs;
    }
}
