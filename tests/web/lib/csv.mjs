// SPDX-License-Identifier: Apache-2.0
// Rows of a CSV file (RFC 4180) as objects named by the first row.
export function readCsv(text) {
    const rows = [];
    let row = [];
    let field = '';
    let quoted = false;
    for (let i = 0; i < text.length; i++) {
        const c = text[i];
        if (quoted) {
            if (c === '"' && text[i + 1] === '"') {
                field += '"';
                i++;
            } else if (c === '"') {
                quoted = false;
            } else {
                field += c;
            }
        } else if (c === '"') {
            quoted = true;
        } else if (c === ',' || c === '\n') {
            row.push(field);
            field = '';
            if (c === '\n') {
                rows.push(row);
                row = [];
            }
        } else if (c !== '\r') {
            field += c;
        }
    }
    if (field !== '' || row.length > 0) {
        rows.push([...row, field]);
    }
    const [names, ...rest] = rows;
    return rest.map((cells) => Object.fromEntries(names.map((name, i) => [name, cells[i] ?? ''])));
}
