//! Passes a value that nobody wants to know. It must be JSON all the same.

use super::number;
use super::reader::Reader;
use super::string::string;
use crate::reject::Reject;

/// Levels of arrays and objects in a value that no layout describes; serde_json has the same limit.
pub(crate) const MAX_LEVELS: u32 = 128;

/// Arrays and objects that are open: one bit each, the innermost lowest.
#[derive(Clone, Copy, Debug, Default)]
struct Open {
    objects: u128,
    levels: u32,
}

impl Open {
    fn push(&mut self, is_object: bool) -> Result<(), Reject> {
        if self.levels == MAX_LEVELS {
            return Err(Reject::TooDeep);
        }
        self.objects = self.objects << 1 | u128::from(is_object);
        self.levels += 1;
        Ok(())
    }

    fn pop(&mut self) {
        self.objects >>= 1;
        self.levels = self.levels.saturating_sub(1);
    }

    /// Whether the innermost is an object; `None` if nothing is open.
    fn innermost(self) -> Option<bool> {
        (self.levels > 0).then_some(self.objects & 1 == 1)
    }
}

/// Passes one value. It is followed in a loop, so no document uses up the stack.
pub(super) fn skip(reader: &mut Reader<'_>) -> Result<(), Reject> {
    let mut open = Open::default();
    loop {
        if value(reader, &mut open)? {
            continue;
        }
        // A value is complete, and perhaps with it some that it is in.
        loop {
            let Some(is_object) = open.innermost() else { return Ok(()) };
            match (reader.token()?, is_object) {
                (b',', _) => {
                    reader.pass();
                    if is_object {
                        key(reader)?;
                    }
                    break;
                }
                (b'}', true) | (b']', false) => {
                    reader.pass();
                    open.pop();
                }
                _ => return Err(Reject::Malformed),
            }
        }
    }
}

/// Passes a value, or the opening of one, up to where its first value begins; then it is `true`.
fn value(reader: &mut Reader<'_>, open: &mut Open) -> Result<bool, Reject> {
    match reader.token()? {
        bracket @ (b'{' | b'[') => {
            reader.pass();
            let is_object = bracket == b'{';
            open.push(is_object)?;
            // Both closing brackets come two after the opening one.
            if reader.token()? == bracket + 2 {
                reader.pass();
                open.pop();
                return Ok(false);
            }
            if is_object {
                key(reader)?;
            }
            return Ok(true);
        }
        b'"' => {
            reader.pass();
            string(reader, |_, _| Ok(()))?;
        }
        b't' => reader.exactly(b"true")?,
        b'f' => reader.exactly(b"false")?,
        b'n' => reader.exactly(b"null")?,
        b'-' | b'0'..=b'9' => number::pass(reader)?,
        _ => return Err(Reject::Malformed),
    }
    Ok(false)
}

/// Passes a key and its colon.
fn key(reader: &mut Reader<'_>) -> Result<(), Reject> {
    reader.expect(b'"')?;
    string(reader, |_, _| Ok(()))?;
    reader.expect(b':')
}
