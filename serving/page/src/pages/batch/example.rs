//! `GET /{language}/models/{model}/batch/example`: a file of one row to begin with, written as spreadsheets of the language do.

use axum::response::Response;
use csv::{Terminator, WriterBuilder};
use model_file::Description;

use super::{super::visit::Visit, attachment};
use crate::{forms::Input, words::Words};

/// The names of the columns, and what the form begins with.
pub async fn example(visit: Visit) -> Response {
    let seen = visit.api.seen();
    let Some(described) = seen.model(visit.words) else {
        let (frame, session) = visit.frame("/batch");
        return visit.waiting(&seen, frame, session);
    };
    attachment(&visit, "example", file(described, visit.words).into())
}

/// Where numbers have commas, cells have semicolons between them, and the program looks for a byte order mark.
fn file(model: &Description, words: &Words) -> Vec<u8> {
    let (mark, delimiter) = if words.point == ',' { ("\u{feff}", b';') } else { ("", b',') };
    let builder = &mut WriterBuilder::new();
    let mut writer = builder.delimiter(delimiter).terminator(Terminator::CRLF).from_writer(mark.as_bytes().to_vec());
    // Writing into memory does not fail.
    let _ = writer.write_record(model.features.iter().map(|feature| &feature.name));
    let _ = writer.write_record(model.features.iter().map(|feature| Input::default(feature).typed(words)));
    writer.into_inner().unwrap_or_default()
}
