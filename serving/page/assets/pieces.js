// Cuts a file where rows end, as `Cutter` does for browsers without scripts: not at a line's end within quotes.

const [ROWS, BYTES] = [500, 512 * 1024];
const [QUOTE, RETURN, LINE] = [34, 13, 10];
const MARK = [0xef, 0xbb, 0xbf];
// What ends a cell, and so comes before a quote that begins one.
const ENDS = new Uint8Array(256);
for (const letter of ",;\t\r\n") ENDS[letter.charCodeAt(0)] = 1;

// Each piece is the line of names and some rows; `first` is the line of the file where these begin, `size` how much they are of it.
export async function* pieces(file) {
  const reader = file.stream().getReader();
  let [buffer, head, at, rows, lines, first, cuts] = [new Uint8Array(0), null, 0, 0, 0, 1, 0];
  let [blank, quoted, start] = [true, false, true];
  const cut = () => {
    const bytes = buffer.slice(0, at);
    [buffer, at, first] = [buffer.subarray(at), 0, lines + 1];
    return bytes;
  };
  const piece = () => {
    [rows, cuts] = [0, cuts + 1];
    return { first, size: at, body: new Blob([head ?? "", cut()]) };
  };
  for (;;) {
    const { value, done } = await reader.read();
    if (done) break;
    const more = new Uint8Array(buffer.length + value.length);
    more.set(buffer);
    more.set(value, buffer.length);
    buffer = more;
    while (at < buffer.length) {
      const byte = buffer[at++];
      blank &&= byte === RETURN || byte === LINE;
      if (byte === QUOTE && (quoted || start)) {
        quoted = !quoted;
        start = !quoted;
        continue;
      }
      start = !quoted && (ENDS[byte] === 1 || (!head && at <= 3 && MARK.includes(byte)));
      if (byte !== LINE || quoted) continue;
      lines += 1;
      const row = !blank;
      blank = true;
      if (row && !head) head = cut();
      else if (row && (++rows === ROWS || at >= BYTES)) yield piece();
    }
    if (buffer.length > BYTES * 2) throw new RangeError("a row does not end: is a quote not closed?");
  }
  at = buffer.length;
  if (cuts === 0 || buffer.some((byte) => byte !== RETURN && byte !== LINE)) yield piece();
}
