//! Cuts a file where rows end: not at a line's end within quotes.

use bytes::Bytes;

use super::PIECE;

/// Rows of a piece: with all that comes of them they have some two megabytes, and asking for more at once saves nothing.
const ROWS: usize = 500;

/// A file that comes in whatever bits, in pieces that each begin with its line of names.
#[derive(Debug)]
pub struct Cutter {
    header: Vec<u8>,
    buffer: Vec<u8>,
    /// Looked at so far, and where the last whole row ends.
    at: usize,
    end: usize,
    rows: usize,
    /// Lines looked at, of which those of the pieces before are in `past`: blank ones are no rows, but lines.
    lines: usize,
    past: usize,
    /// Cut off so far.
    pieces: usize,
    blank: bool,
    quoted: bool,
    /// A quote here would begin a quoted cell, or go on with one.
    start: bool,
}

/// Some rows of a file under its line of names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cut {
    /// As they stand in the file.
    pub bytes: Bytes,
    /// The line of the file where the rows begin, from 1.
    pub first: usize,
}

impl Default for Cutter {
    fn default() -> Self {
        let (header, buffer) = (vec![], vec![]);
        Self {
            header,
            buffer,
            at: 0,
            end: 0,
            rows: 0,
            lines: 0,
            past: 0,
            pieces: 0,
            blank: true,
            quoted: false,
            start: true,
        }
    }
}

impl Cutter {
    /// More of the file.
    pub fn push(&mut self, bytes: &[u8]) {
        self.buffer.extend_from_slice(bytes);
    }

    /// The next piece, if there is enough for one.
    pub fn cut(&mut self) -> Option<Cut> {
        while let Some(&byte) = self.buffer.get(self.at) {
            self.at += 1;
            self.blank &= matches!(byte, b'\r' | b'\n');
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
            self.lines += 1;
            if std::mem::replace(&mut self.blank, true) {
                continue;
            }
            if self.header.is_empty() {
                self.header = self.buffer.drain(..self.at).collect();
                (self.at, self.past) = (0, self.lines);
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
    pub fn rest(mut self) -> Option<Cut> {
        let some = self.buffer.iter().any(|byte| !matches!(byte, b'\r' | b'\n'));
        (some || self.pieces == 0).then(|| self.piece(self.buffer.len()))
    }

    /// Whether a row, or the line of names, is too long for a piece.
    pub fn is_too_long(&self) -> bool {
        self.header.len() + self.buffer.len() > PIECE
    }

    fn piece(&mut self, end: usize) -> Cut {
        let bytes: Vec<u8> = self.header.iter().copied().chain(self.buffer.drain(..end)).collect();
        let first = self.past + 1;
        (self.past, self.pieces) = (self.lines, self.pieces + 1);
        (self.rows, self.at, self.end) = (0, self.at - end, 0);
        Cut { bytes: bytes.into(), first }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Pushed in bits of `size` bytes.
    fn cut(text: &[u8], size: usize) -> Vec<(String, usize)> {
        let (mut cutter, mut pieces) = (Cutter::default(), vec![]);
        for bytes in text.chunks(size) {
            cutter.push(bytes);
            while let Some(piece) = cutter.cut() {
                pieces.push(piece);
            }
            assert!(!cutter.is_too_long());
        }
        pieces.extend(cutter.rest());
        pieces.into_iter().map(|piece| (String::from_utf8_lossy(&piece.bytes).into_owned(), piece.first)).collect()
    }

    #[test]
    fn pieces_end_where_rows_do_however_the_file_comes() {
        let row = "1,\"two\nlines, \"\"quoted\"\"\",5\" pipe\r\n";
        let header = "\u{feff}\"a\nb\",c,d\r\n";
        let text = format!("{header}{}3,4,5", row.repeat(2 * ROWS + 1));
        for size in [1, 7, 65_536] {
            let pieces = cut(text.as_bytes(), size);
            let firsts: Vec<usize> = pieces.iter().map(|(_, first)| *first).collect();
            assert_eq!(firsts, [2, ROWS + 2, 2 * ROWS + 2]);
            assert_eq!(pieces[0].0, format!("{header}{}", row.repeat(ROWS)));
            assert_eq!(pieces[2].0, format!("{header}{row}3,4,5"));
        }
    }

    #[test]
    fn blank_lines_are_lines_and_no_rows() {
        let text = format!("\n\r\na,b\n\n{}\n\n{}\r\n\n", "1,2\n".repeat(ROWS), "3,4\n\n".repeat(ROWS + 1));
        for size in [1, 65_536] {
            let pieces = cut(text.as_bytes(), size);
            let firsts: Vec<usize> = pieces.iter().map(|(_, first)| *first).collect();
            assert_eq!(firsts, [4, ROWS + 5, 3 * ROWS + 6]);
            assert!(pieces[1].0.starts_with("\n\r\na,b\n\n\n3,4\n"), "{:?}", &pieces[1].0[..20]);
        }
        assert_eq!(cut(b"a\n1\n\n\r\n", 1), [("a\n1\n\n\r\n".to_owned(), 2)]);
        assert_eq!(cut(format!("a\n{}\n\r\n", "1\n".repeat(ROWS)).as_bytes(), 7).len(), 1);
    }

    #[test]
    fn what_has_no_rows_is_a_piece_and_what_never_ends_is_noticed() {
        assert_eq!(cut(b"", 1), [(String::new(), 1)]);
        assert_eq!(cut(b"a,b", 1), [("a,b".to_owned(), 1)]);
        let mut cutter = Cutter::default();
        cutter.push(b"a\n\"");
        cutter.push(&b"x\n".repeat(PIECE / 2));
        assert!(cutter.cut().is_none() && cutter.is_too_long());
    }
}
