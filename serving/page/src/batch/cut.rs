//! Cuts a file where rows end: not at a line's end within quotes.

use super::PIECE;

/// Rows of a piece.
const ROWS: usize = 2000;

/// A file that comes in whatever bits, in pieces that each begin with its line of names.
#[derive(Debug)]
pub struct Cutter {
    header: Vec<u8>,
    buffer: Vec<u8>,
    /// Looked at so far, and where the last whole row ends.
    at: usize,
    end: usize,
    rows: usize,
    /// Rows cut off so far.
    past: usize,
    quoted: bool,
    /// A quote here would begin a quoted cell, or go on with one.
    start: bool,
}

impl Default for Cutter {
    fn default() -> Self {
        let (header, buffer) = (vec![], vec![]);
        Self { header, buffer, at: 0, end: 0, rows: 0, past: 0, quoted: false, start: true }
    }
}

impl Cutter {
    /// More of the file.
    pub fn push(&mut self, bytes: &[u8]) {
        self.buffer.extend_from_slice(bytes);
    }

    /// The next piece and the number of its first row, if there is enough for one.
    pub fn cut(&mut self) -> Option<(Vec<u8>, usize)> {
        while let Some(&byte) = self.buffer.get(self.at) {
            self.at += 1;
            if byte == b'"' && (self.quoted || self.start) {
                self.quoted = !self.quoted;
                self.start = !self.quoted;
                continue;
            }
            // A byte order mark is before the first cell, not in it.
            let mark = self.header.is_empty() && self.at <= 3 && b"\xEF\xBB\xBF".contains(&byte);
            self.start = !self.quoted && (mark || b",;\t\r\n".contains(&byte));
            if byte != b'\n' || self.quoted {
                continue;
            }
            if self.header.is_empty() {
                self.header = self.buffer.drain(..self.at).collect();
                self.at = 0;
                continue;
            }
            (self.end, self.rows) = (self.at, self.rows + 1);
            if self.rows == ROWS || self.end >= PIECE / 2 {
                return Some(self.piece(self.end));
            }
        }
        None
    }

    /// What is left after the last piece; of a file without rows, what there is.
    pub fn rest(mut self) -> Option<(Vec<u8>, usize)> {
        (self.past == 0 || !self.buffer.is_empty()).then(|| self.piece(self.buffer.len()))
    }

    /// Whether a row, or the line of names, is too long for a piece.
    pub fn is_too_long(&self) -> bool {
        self.header.len() + self.buffer.len() > PIECE
    }

    fn piece(&mut self, end: usize) -> (Vec<u8>, usize) {
        let piece = self.header.iter().copied().chain(self.buffer.drain(..end)).collect();
        let first = self.past + 1;
        (self.past, self.rows, self.at, self.end) = (self.past + self.rows, 0, self.at - end, 0);
        (piece, first)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Pushed in bits of `size` bytes.
    fn cut(text: &[u8], size: usize) -> Vec<(Vec<u8>, usize)> {
        let (mut cutter, mut pieces) = (Cutter::default(), vec![]);
        for bytes in text.chunks(size) {
            cutter.push(bytes);
            while let Some(piece) = cutter.cut() {
                pieces.push(piece);
            }
            assert!(!cutter.is_too_long());
        }
        pieces.extend(cutter.rest());
        pieces
    }

    #[test]
    fn pieces_end_where_rows_do_however_the_file_comes() {
        let row = "1,\"two\nlines, \"\"quoted\"\"\",5\" pipe\r\n";
        let text = format!("\u{feff}\"a\nb\",c,d\r\n{}3,4,5", row.repeat(2 * ROWS + 1));
        for size in [1, 7, 65_536] {
            let pieces = cut(text.as_bytes(), size);
            let firsts: Vec<usize> = pieces.iter().map(|(_, first)| *first).collect();
            assert_eq!(firsts, [1, ROWS + 1, 2 * ROWS + 1]);
            let header = "\u{feff}\"a\nb\",c,d\r\n";
            assert_eq!(pieces[0].0, format!("{header}{}", row.repeat(ROWS)).into_bytes());
            assert_eq!(pieces[2].0, format!("{header}{row}3,4,5").into_bytes());
        }
    }

    #[test]
    fn what_has_no_rows_is_a_piece_and_what_never_ends_is_noticed() {
        assert_eq!(cut(b"", 1), [(vec![], 1)]);
        assert_eq!(cut(b"a,b", 1), [(b"a,b".to_vec(), 1)]);
        let mut cutter = Cutter::default();
        cutter.push(b"a\n\"");
        cutter.push(&b"x\n".repeat(PIECE / 2));
        assert!(cutter.cut().is_none() && cutter.is_too_long());
    }
}
