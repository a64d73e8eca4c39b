//! Reads a document from its start to its end, never beyond. Every byte that steers the reader is read once: one that was
//! looked at and not passed is kept until it is.

use crate::bytes::Input;
use crate::json::escape::is_plain;
use crate::reject::Reject;
use crate::text::word;

/// Where the next byte of the document is.
#[derive(Clone, Debug)]
pub(crate) struct Reader<'a> {
    input: Input<'a>,
    at: usize,
    /// The byte at `at`, if it was looked at.
    seen: Option<u8>,
}

impl<'a> Reader<'a> {
    /// Begins with `input`.
    pub(crate) fn new(input: Input<'a>) -> Self {
        Self { input, at: 0, seen: None }
    }

    /// Bytes that were passed.
    #[inline]
    pub(crate) fn position(&self) -> usize {
        self.at
    }

    /// The next byte, which is not passed.
    #[inline]
    pub(crate) fn peek(&mut self) -> Result<u8, Reject> {
        if let Some(byte) = self.seen {
            return Ok(byte);
        }
        let byte = self.input.byte(self.at).ok_or(Reject::Truncated)?;
        self.seen = Some(byte);
        Ok(byte)
    }

    /// The same for a byte that need not be there: NUL, which stands nowhere in JSON, at the end of the document.
    #[inline]
    pub(crate) fn ahead(&mut self) -> u8 {
        self.peek().unwrap_or(0)
    }

    /// Passes the byte that was looked at.
    #[inline]
    pub(crate) fn pass(&mut self) {
        self.at += 1;
        self.seen = None;
    }

    /// The next byte.
    #[inline]
    pub(crate) fn next(&mut self) -> Result<u8, Reject> {
        let byte = self.peek()?;
        self.pass();
        Ok(byte)
    }

    /// Passes white space, and gives the byte after it, which is not passed.
    #[inline]
    pub(crate) fn token(&mut self) -> Result<u8, Reject> {
        loop {
            match self.peek()? {
                b' ' | b'\t' | b'\n' | b'\r' => self.pass(),
                byte => return Ok(byte),
            }
        }
    }

    /// Passes white space and then `expected`, which must be there.
    #[inline]
    pub(crate) fn expect(&mut self, expected: u8) -> Result<(), Reject> {
        if self.token()? != expected {
            return Err(Reject::Malformed);
        }
        self.pass();
        Ok(())
    }

    /// Passes exactly these bytes, which must be there.
    #[inline]
    pub(crate) fn exactly(&mut self, expected: &[u8]) -> Result<(), Reject> {
        expected.iter().try_for_each(|byte| if self.next()? == *byte { Ok(()) } else { Err(Reject::Malformed) })
    }

    /// Passes `expected` if it is next; `false`, and nothing is passed, if not.
    #[inline]
    pub(crate) fn take(&mut self, expected: &[u8]) -> bool {
        let (words, rest) = expected.as_chunks::<8>();
        let mut at = self.at;
        for bytes in words {
            if self.input.array(at) != Some(*bytes) {
                return false;
            }
            at += 8;
        }
        for byte in rest {
            if self.input.byte(at) != Some(*byte) {
                return false;
            }
            at += 1;
        }
        (self.at, self.seen) = (at, None);
        true
    }

    /// The next eight bytes as a word, if they are nothing but characters of a string. No byte may have been looked at.
    #[inline]
    pub(crate) fn take_plain(&mut self) -> Option<u64> {
        if self.seen.is_some() || self.input.len().checked_sub(self.at)? < 8 {
            return None;
        }
        let word = word(self.input, self.at, 8).filter(|word| is_plain(*word, 8))?;
        self.at += 8;
        Some(word)
    }

    /// The value is complete: so must the document be, but for white space.
    pub(crate) fn finish(&mut self) -> Result<(), Reject> {
        match self.token() {
            Err(Reject::Truncated) => Ok(()),
            Ok(_) => Err(Reject::TrailingBytes),
            Err(other) => Err(other),
        }
    }
}

/// Why a value that starts with `byte` is not what is expected: it is another one, or none at all.
#[cold]
pub(crate) fn unexpected(byte: u8) -> Reject {
    match byte {
        b'{' | b'[' | b'"' | b't' | b'f' | b'n' | b'-' | b'0'..=b'9' => Reject::WrongType,
        _ => Reject::Malformed,
    }
}
