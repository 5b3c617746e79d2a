//! Short words for making and reading the parts of a graph.

use super::proto::{Attribute, Dimension, Extent, Map, Operator, Sequence, Shape, Tensor, Type, ValueInfo, element};

/// The operator set of classical models.
pub const ML: &str = "ai.onnx.ml";

/// An operator of `domain`, which is empty for ONNX's own.
pub fn operator(domain: &str, op_type: &str, input: &[&str], output: &[&str], attribute: Vec<Attribute>) -> Operator {
    let own = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect();
    let name = output.first().map(|first| format!("{op_type}_{first}")).unwrap_or_default();
    Operator { input: own(input), output: own(output), name, op_type: op_type.into(), attribute, domain: domain.into() }
}

/// A tensor `[rows × width]`, or `[rows]` where there is no width.
pub fn tensor(name: &str, elem_type: i32, width: Option<usize>) -> ValueInfo {
    let rows = Dimension { extent: Some(Extent::Param("rows".into())) };
    let width = width.map(|width| Dimension { extent: i64::try_from(width).ok().map(Extent::Value) });
    let shape = Some(Shape { dim: std::iter::once(rows).chain(width).collect() });
    ValueInfo { name: name.into(), kind: Some(Type { tensor: Some(Tensor { elem_type, shape }), ..Type::default() }) }
}

/// A map for each row, from keys of `key_type` to numbers: what `ZipMap` gives.
pub fn maps(name: &str, key_type: i32) -> ValueInfo {
    let number = Type { tensor: Some(Tensor { elem_type: element::FLOAT, shape: None }), ..Type::default() };
    let map = Map { key_type, value_type: Some(Box::new(number)) };
    let row = Type { map: Some(Box::new(map)), ..Type::default() };
    let rows = Type { sequence: Some(Box::new(Sequence { elem_type: Some(Box::new(row)) })), ..Type::default() };
    ValueInfo { name: name.into(), kind: Some(rows) }
}

/// How many columns a tensor `[rows × columns]` has, or one of `[rows]`; nothing where the graph does not say.
pub fn width(info: &ValueInfo) -> Option<usize> {
    match info.kind.as_ref()?.tensor.as_ref()?.shape.as_ref()?.dim.as_slice() {
        [_] => Some(1),
        [_, Dimension { extent: Some(Extent::Value(width)) }] => usize::try_from(*width).ok(),
        _ => None,
    }
}

impl Attribute {
    fn new(name: &str, kind: i32) -> Self {
        Self { name: name.into(), kind, ..Self::default() }
    }

    pub fn int(name: &str, i: i64) -> Self {
        Self { i, ..Self::new(name, 2) }
    }

    pub fn string(name: &str, text: &str) -> Self {
        Self { s: text.into(), ..Self::new(name, 3) }
    }

    pub fn floats(name: &str, floats: Vec<f32>) -> Self {
        Self { floats, ..Self::new(name, 6) }
    }

    pub fn ints(name: &str, places: impl IntoIterator<Item = usize>) -> Self {
        // Places in lists that are in memory: they fit.
        let ints = places.into_iter().filter_map(|place| i64::try_from(place).ok()).collect();
        Self { ints, ..Self::new(name, 7) }
    }

    pub fn strings<T: AsRef<[u8]>>(name: &str, texts: impl IntoIterator<Item = T>) -> Self {
        Self { strings: texts.into_iter().map(|text| text.as_ref().to_vec()).collect(), ..Self::new(name, 8) }
    }
}

impl Operator {
    pub fn attribute(&self, name: &str) -> Option<&Attribute> {
        self.attribute.iter().find(|attribute| attribute.name == name)
    }

    pub fn ints(&self, name: &str) -> &[i64] {
        self.attribute(name).map_or(&[], |attribute| &attribute.ints)
    }

    pub fn floats(&self, name: &str) -> &[f32] {
        self.attribute(name).map_or(&[], |attribute| &attribute.floats)
    }

    pub fn strings(&self, name: &str) -> Vec<String> {
        let texts = self.attribute(name).map_or(&[][..], |attribute| &attribute.strings);
        texts.iter().map(|text| String::from_utf8_lossy(text).into_owned()).collect()
    }

    pub fn text(&self, name: &str, default: &str) -> String {
        self.attribute(name).map_or_else(|| default.into(), |attribute| String::from_utf8_lossy(&attribute.s).into())
    }
}
