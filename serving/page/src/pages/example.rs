//! `GET /{language}/models/{model}/batch/example`: a file of one row to begin with, written as spreadsheets of the language do.

use axum::{
    extract::{Path, State},
    http::{HeaderMap, header},
    response::{IntoResponse, Response},
};
use csv::{Terminator, WriterBuilder};
use model_file::{Description, FeatureType};

use super::trouble;
use crate::{Shared, forms::Input, words::Words};

/// The names of the columns, and what the form begins with.
pub async fn example(
    State(page): State<Shared>,
    Path((language, model)): Path<(String, String)>,
    headers: HeaderMap,
) -> Response {
    let (Some(words), Some(api)) = (Words::of(&language), page.api(&model)) else {
        return trouble::nothing_here(&page, Words::asked(&headers), &headers);
    };
    let Some(described) = api.seen().model.clone() else {
        return trouble::nothing_here(&page, words, &headers);
    };
    let name = format!("attachment; filename=\"{model}-example.csv\"");
    let kind = "text/csv; charset=utf-8".to_owned();
    ([(header::CONTENT_TYPE, kind), (header::CONTENT_DISPOSITION, name)], file(&described, words)).into_response()
}

/// Where numbers have commas, cells have semicolons between them, and the program looks for a byte order mark.
fn file(model: &Description, words: &Words) -> Vec<u8> {
    let (mark, delimiter) = if words.point == ',' { ("\u{feff}", b';') } else { ("", b',') };
    let builder = &mut WriterBuilder::new();
    let mut writer = builder.delimiter(delimiter).terminator(Terminator::CRLF).from_writer(mark.as_bytes().to_vec());
    let cell = |input: Input| match input.feature.kind {
        FeatureType::Category => input.text,
        FeatureType::Integer | FeatureType::Number => input.text.replace('.', words.point.encode_utf8(&mut [0; 4])),
    };
    // Writing into memory does not fail.
    let _ = writer.write_record(model.features.iter().map(|feature| &feature.name));
    let _ = writer.write_record(model.features.iter().map(|feature| cell(Input::default(feature))));
    writer.into_inner().unwrap_or_default()
}
