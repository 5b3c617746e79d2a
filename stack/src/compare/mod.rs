//! What differs between two environments, resource by resource.
//!
//! A diff of two folders of YAML shows every name that moved and says nothing about what belongs together. So objects are
//! matched first: by kind and name, a Job by its component (its own name carries a hash), and by namespace only where a
//! kind and name occur in several, since environments may call the namespace of one component differently: that is
//! told once, and addresses that follow from it are no difference, nor is the hash of configuration that is compared itself.
//!
//! Objects come from the YAML text, read back: a build need not keep them for the one command that wants them.

mod fields;

use std::collections::{BTreeMap, BTreeSet};

use builders::Compiled;
use documents::Diagnostic;
use serde_json::Value;

use self::fields::Namespaces;

/// An environment: its name and its objects, in the order of its files.
#[derive(Debug)]
pub struct Side {
    name: String,
    objects: Vec<Value>,
}

impl Side {
    /// What `compiled` holds.
    ///
    /// # Errors
    /// When the text of a manifest cannot be read back, which a test rules out.
    pub fn new(name: &str, compiled: &Compiled) -> Result<Self, Vec<Diagnostic>> {
        let documents = compiled.files.iter().flat_map(|(file, text)| {
            // The first part is the header; no line of a value begins at the margin.
            text.split("\n---\n").skip(1).map(move |text| documents::read::<Value>(file, text.as_bytes()))
        });
        let objects = documents.map(|read| read.map(|(value, _)| value)).collect::<Result<_, _>>()?;
        Ok(Self { name: name.to_owned(), objects })
    }
}

/// An object and what it is matched by.
struct Object<'s> {
    kind: &'s str,
    /// Nothing for a namespace: which one it is, its `namespace` says.
    name: &'s str,
    namespace: &'s str,
    value: &'s Value,
    /// Whether its side has another of this kind and name.
    ambiguous: bool,
}

impl<'s> Object<'s> {
    fn all(side: &'s Side) -> Vec<Self> {
        let mut objects: Vec<_> = side.objects.iter().map(Self::new).collect();
        let mut counts: BTreeMap<_, usize> = BTreeMap::new();
        for object in &objects {
            *counts.entry((object.kind, object.name)).or_default() += 1;
        }
        for object in &mut objects {
            object.ambiguous = counts[&(object.kind, object.name)] > 1;
        }
        objects
    }

    fn new(value: &'s Value) -> Self {
        let text = |pointer| value.pointer(pointer).and_then(Value::as_str).unwrap_or_default();
        let kind = text("/kind");
        let (name, namespace) = match kind {
            "Namespace" => ("", text("/metadata/name")),
            "Job" => (text("/metadata/labels/app.kubernetes.io~1name"), text("/metadata/namespace")),
            _ => (text("/metadata/name"), text("/metadata/namespace")),
        };
        Self { kind, name, namespace, value, ambiguous: false }
    }

    /// `Deployment diabetes-api`, with its namespace where the name does not tell.
    fn title(&self) -> String {
        match self {
            Self { kind, name: "", namespace, .. } => format!("{kind} {namespace}"),
            Self { kind, name, namespace, ambiguous: true, .. } => format!("{kind} {name} in {namespace}"),
            Self { kind, name, .. } => format!("{kind} {name}"),
        }
    }
}

/// For each object of `one`, its counterpart among `other`, by place.
fn counterparts(one: &[Object<'_>], other: &[Object<'_>]) -> Vec<Option<usize>> {
    let mut groups: BTreeMap<_, [Vec<usize>; 2]> = BTreeMap::new();
    for (side, objects) in [one, other].into_iter().enumerate() {
        for (index, object) in objects.iter().enumerate() {
            groups.entry((object.kind, object.name)).or_default()[side].push(index);
        }
    }
    let mut found = vec![None; one.len()];
    // Where a kind and name stand alone on both sides, their namespaces correspond.
    let mut namespaces = BTreeSet::new();
    for group in groups.values_mut() {
        if let ([a], [b]) = (group[0].as_slice(), group[1].as_slice()) {
            found[*a] = Some(*b);
            namespaces.insert((one[*a].namespace, other[*b].namespace));
            *group = Default::default();
        }
    }
    let same = |a: &str, b: &str| a == b;
    let corresponds = |a: &str, b: &str| namespaces.contains(&(a, b));
    for rule in [&same as &dyn Fn(&str, &str) -> bool, &corresponds] {
        for [left, right] in groups.values_mut() {
            left.retain(|a| {
                let place = right.iter().position(|b| rule(one[*a].namespace, other[*b].namespace));
                found[*a] = place.map(|place| right.remove(place));
                place.is_none()
            });
        }
    }
    found
}

/// The differences for people, and how many objects are equal.
pub fn text(one: &Side, other: &Side) -> String {
    let (left, right) = (Object::all(one), Object::all(other));
    let counterparts = counterparts(&left, &right);
    let matched = || left.iter().zip(&counterparts).filter_map(|(object, place)| Some((object, &right[(*place)?])));
    let namespaces = matched().map(|(one, other)| (one.namespace, other.namespace));
    let moved: Namespaces<'_> = namespaces.filter(|(one, other)| one != other).collect();
    let (mut differing, mut equal) = (Vec::new(), 0);
    for (object, counterpart) in matched() {
        let fields = fields::differences(object.value, counterpart.value, &moved);
        if fields.is_empty() {
            equal += 1;
        } else {
            differing.push(format!("{}\n{fields}", object.title()));
        }
    }
    let only = |objects: &[Object<'_>], taken: &dyn Fn(usize) -> bool| -> Vec<String> {
        let left = objects.iter().enumerate().filter(|(place, _)| !taken(*place));
        left.map(|(_, object)| format!("  {}\n", object.title())).collect()
    };
    let taken: BTreeSet<usize> = counterparts.iter().flatten().copied().collect();
    let only_left = only(&left, &|place| counterparts[place].is_some());
    let only_right = only(&right, &|place| taken.contains(&place));

    let differ = differing.len();
    let mut parts = Vec::new();
    if !moved.is_empty() {
        let moved: Vec<_> = moved.iter().map(|(one, other)| format!("{one} → {other}")).collect();
        parts.push(format!("namespaces: {}\n", moved.join(", ")));
    }
    for (side, objects) in [(one, &only_left), (other, &only_right)] {
        if !objects.is_empty() {
            parts.push(format!("only in {}\n{}", side.name, objects.concat()));
        }
    }
    parts.extend(differing);
    parts.push(match (parts.is_empty(), only_left.len(), only_right.len()) {
        (true, ..) => format!("{} and {} do not differ: {equal} objects\n", one.name, other.name),
        (false, left, right) => format!(
            "objects: {equal} equal, {differ} different, {left} only in {}, {right} only in {}\n",
            one.name, other.name
        ),
    });
    parts.join("\n")
}
