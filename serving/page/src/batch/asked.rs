//! What the API says of the rows that are right, in as few requests as it takes them.

use super::Rows;
use crate::{
    apis::{Answer, Api, Trouble},
    words::Words,
};

/// The answers of the rows that are right, in their order. Those that the API refuses are right no longer.
///
/// # Errors
/// When there is no answer for every one.
pub async fn ask(api: &Api, rows: &mut Rows, words: &Words) -> Result<Vec<Answer>, Trouble> {
    let (mut answers, mut most) = (vec![], rows.list.len());
    loop {
        let (json, count) = rows.json(answers.len(), most);
        if count == 0 {
            return Ok(answers);
        }
        match api.predict(json, false).await {
            Ok(some) if some.len() == count => answers.extend(some),
            Ok(_) => return Err(Trouble::Unexpected(200)),
            // How many it takes at once, or how many bytes, is its own affair.
            Err(Trouble::Unexpected(413)) if count > 1 => most = count.div_ceil(2),
            // It knows its model better than we remembered it; it does not name all that it refuses.
            Err(Trouble::Wrong(fields)) if rows.refuse(answers.len(), &fields, words) => {}
            Err(trouble) => return Err(trouble),
        }
    }
}
