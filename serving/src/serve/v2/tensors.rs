//! From the protocol's tensors to rows of the model.

use serde_json::Value;

use super::infer::InputTensor;
use crate::model::{Feature, Features, Kind};

const NUMBERS: [&str; 13] =
    ["BOOL", "UINT8", "UINT16", "UINT32", "UINT64", "INT8", "INT16", "INT32", "INT64", "FP16", "FP32", "FP64", "BF16"];

/// Rows (`[rows × features]`) of the tensors of a request.
pub fn rows(features: &Features, inputs: &[InputTensor]) -> Result<Vec<f32>, String> {
    let flat = inputs.iter().map(flat).collect::<Result<Vec<_>, _>>()?;
    let numbers_alone = features.all().all(|feature| !matches!(feature.kind, Kind::Category(_)));
    if let ([tensor], true) = (inputs, numbers_alone) {
        let named = features.count() == 1 && tensor.name == features.at(0).name;
        if !named && matches!(tensor.shape[..], [_, columns] if columns == features.count() as u64) {
            let cells = flat[0].iter().enumerate();
            return cells.map(|(place, value)| cell(features.at(place % features.count()), value)).collect();
        }
    }
    let mut columns: Vec<Option<&[&Value]>> = vec![None; features.count()];
    for (tensor, data) in inputs.iter().zip(&flat) {
        let place = features.place(&tensor.name, 0);
        let place = place.ok_or_else(|| format!("{:?} is no feature of this model", tensor.name))?;
        if columns[place].replace(data).is_some() {
            return Err(format!("the input {} is there twice", tensor.name));
        }
        if !matches!(tensor.shape[..], [_] | [_, 1]) {
            return Err(format!("the input {} has the shape {:?}, not [rows] or [rows, 1]", tensor.name, tensor.shape));
        }
    }
    let count = flat.first().map_or(0, Vec::len);
    let columns = columns.into_iter().zip(features.all()).map(|(column, feature)| match column {
        None => Err(format!("the input {} is missing", feature.name)),
        Some(column) if column.len() != count => Err(format!("the input {} has another number of rows", feature.name)),
        Some(column) => column.iter().map(|value| cell(feature, value)).collect(),
    });
    let columns: Vec<Vec<f32>> = columns.collect::<Result<_, String>>()?;
    Ok((0..count).flat_map(|row| columns.iter().map(move |column| column[row])).collect())
}

fn cell(feature: &Feature, value: &Value) -> Result<f32, String> {
    let name = &feature.name;
    let cell = match value {
        Value::Number(number) => feature.number(number.as_f64().unwrap_or(f64::NAN)),
        Value::String(word) => feature.word(word),
        Value::Bool(bit) => feature.number(f64::from(u8::from(*bit))),
        other => Err(format!("must be {}, found {other}", feature.wanted())),
    };
    cell.map_err(|problem| format!("the input {name}: a value {problem}"))
}

/// The values of a tensor, row by row, as many as its shape says.
fn flat(tensor: &InputTensor) -> Result<Vec<&Value>, String> {
    let InputTensor { name, shape, datatype, data, .. } = tensor;
    let kind = datatype.as_str();
    if kind != "BYTES" && !NUMBERS.contains(&kind) {
        return Err(format!("the input {name} has an unknown datatype {datatype:?}"));
    }
    let mut values = Vec::new();
    gather(data, &mut values);
    let right =
        |value: &&Value| if kind == "BYTES" { value.is_string() } else { value.is_number() || value.is_boolean() };
    if let Some(wrong) = values.iter().find(|value| !right(value)) {
        return Err(format!("the input {name} holds {wrong}, which is no {datatype}"));
    }
    let wanted = shape.iter().try_fold(1, |product: u64, extent| product.checked_mul(*extent));
    if !data.is_array() || wanted != Some(values.len() as u64) {
        return Err(format!("the input {name} has {} values, its shape {shape:?} says otherwise", values.len()));
    }
    Ok(values)
}

fn gather<'v>(data: &'v Value, values: &mut Vec<&'v Value>) {
    match data {
        Value::Array(items) => items.iter().for_each(|item| gather(item, values)),
        value => values.push(value),
    }
}
