// SPDX-License-Identifier: Apache-2.0
// Requests exactly as they are asked for: nothing is normalised, followed or decoded behind the
// test's back.
import http from 'node:http';

const PATIENCE_MS = 60_000;

export const base64url = (text) => Buffer.from(text).toString('base64url');

export class Answer {
    constructor(message, bytes) {
        this.status = message.statusCode;
        this.headers = message.headers;
        this.bytes = bytes;
    }

    get type() {
        return (this.headers['content-type'] ?? '').split(';')[0].trim();
    }

    get text() {
        return this.bytes.toString('utf8');
    }

    // undefined when the body is no JSON.
    get json() {
        if (!('parsed' in this)) {
            try {
                this.parsed = JSON.parse(this.text);
            } catch {
                this.parsed = undefined;
            }
        }
        return this.parsed;
    }

    toString() {
        return `${this.status} ${this.text.slice(0, 600)}`;
    }
}

export class Client {
    constructor(port) {
        this.port = port;
        this.agent = new http.Agent({ keepAlive: true, maxSockets: 1, noDelay: true });
    }

    // `body`: bytes or text; anything else is sent as JSON. `promised`: a Content-Length without the
    // bytes.
    async call(method, path, { headers = {}, body, promised } = {}) {
        const fields = { ...headers };
        let bytes;
        if (body !== undefined) {
            const raw = typeof body === 'string' || Buffer.isBuffer(body);
            bytes = Buffer.from(raw ? body : JSON.stringify(body));
            fields['Content-Length'] = bytes.length;
            fields['Content-Type'] ??= 'application/json';
        } else if (promised !== undefined) {
            fields['Content-Length'] = promised;
        }
        for (const [name, value] of Object.entries(fields)) {
            if (value === null || value === undefined) {
                delete fields[name];
            }
        }
        for (let attempt = 0; ; attempt++) {
            try {
                return await this.#send(method, path, fields, bytes, promised !== undefined);
            } catch (error) {
                // A kept connection may have been closed by the other side just now.
                if (!(error.reused && error.code === 'ECONNRESET' && attempt === 0)) {
                    throw error;
                }
            }
        }
    }

    #send(method, path, headers, bytes, unfinished) {
        return new Promise((resolve, reject) => {
            const options = {
                host: '127.0.0.1',
                port: this.port,
                method,
                path,
                headers,
                agent: this.agent,
            };
            const request = http.request(unfinished ? { ...options, agent: false } : options);
            const fail = (error) => {
                error.reused = request.reusedSocket;
                error.message = `${method} ${path}: ${error.message}`;
                reject(error);
            };
            request.setTimeout(PATIENCE_MS, () =>
                request.destroy(new Error(`no answer in ${PATIENCE_MS} ms`)),
            );
            request.once('error', fail);
            request.once('response', (message) => {
                const parts = [];
                message.on('data', (part) => parts.push(part));
                message.once('error', fail);
                message.once('end', () => {
                    resolve(new Answer(message, Buffer.concat(parts)));
                    if (unfinished) {
                        request.destroy();
                    }
                });
            });
            if (unfinished) {
                request.flushHeaders();
            } else {
                request.end(bytes);
            }
        });
    }

    close() {
        this.agent.destroy();
    }
}

// A multipart/form-data body: parts are { name, value, fileName?, type? }.
export function form(parts, boundary = 'jig-web-boundary') {
    const pieces = [];
    for (const { name, value, fileName, type } of parts) {
        const file = fileName === undefined ? '' : `; filename="${fileName}"`;
        const kind = type === undefined ? '' : `Content-Type: ${type}\r\n`;
        pieces.push(
            Buffer.from(
                `--${boundary}\r\nContent-Disposition: form-data; name="${name}"${file}\r\n${kind}\r\n`,
            ),
        );
        pieces.push(Buffer.from(value), Buffer.from('\r\n'));
    }
    pieces.push(Buffer.from(`--${boundary}--\r\n`));
    return {
        body: Buffer.concat(pieces),
        headers: { 'Content-Type': `multipart/form-data; boundary=${boundary}` },
    };
}
