//! `mlstack pin`: a released image in an environment, and not a blank besides.

use std::fs;

use stack::{
    Source,
    pin::{pinned, released},
};
use tests::repository;

use crate::commands::{mlstack, project};

const IMAGE: &str = "ghcr.io/team/serving@sha256:00000000000000000000000000000000000000000000000000000000000000ab";

fn pin(text: &str) -> Result<String, String> {
    let source = Source { name: "environments/test.yaml".into(), bytes: text.as_bytes().to_vec() };
    let image = released(IMAGE).expect("an image");
    pinned(&source, &image).map_err(|mistakes| documents::render(&mistakes, documents::Style::Plain))
}

#[test]
fn the_scalar_alone_changes_in_every_style() {
    for (before, after) in [
        (
            "a: 1 # one\nserving:\n  # by hand\n  image: x:1   # old\n  logLevel: info\n",
            "a: 1 # one\nserving:\n  # by hand\n  image: IMAGE   # old\n  logLevel: info\n",
        ),
        ("serving: {logLevel: info,  image: x:1 } # flow\n", "serving: {logLevel: info,  image: IMAGE } # flow\n"),
        ("serving: {image: 'x:1'}", "serving: {image: 'IMAGE'}"),
        ("serving:\n    image: \"x:1\"\n", "serving:\n    image: \"IMAGE\"\n"),
        ("serving:\n  image: >-\n    x:1\n  logLevel: info\n", "serving:\n  image: >-\n    IMAGE\n  logLevel: info\n"),
        ("{\"serving\": {\"image\": \"x:1\"}}\n", "{\"serving\": {\"image\": \"IMAGE\"}}\n"),
        // Another image is nobody's business.
        ("postgres: {image: x:1}\nserving: {image: x:1}\n", "postgres: {image: x:1}\nserving: {image: IMAGE}\n"),
        // As Windows writes it, behind a byte-order mark, and behind letters of several bytes.
        (
            "\u{feff}# é\r\nserving:\r\n  image: x:1\r\nui: {}\r\n",
            "\u{feff}# é\r\nserving:\r\n  image: IMAGE\r\nui: {}\r\n",
        ),
        // Without the key.
        ("serving:\n  # how loud\n  logLevel: info\n", "serving:\n  # how loud\n  image: IMAGE\n  logLevel: info\n"),
        ("serving:\r\n  logLevel: info\r\n", "serving:\r\n  image: IMAGE\r\n  logLevel: info\r\n"),
        ("serving: {logLevel: info}\n", "serving: {image: IMAGE, logLevel: info}\n"),
        ("serving: { }\n", "serving: {image: IMAGE }\n"),
        // Without the mapping.
        ("a: 1 # last", "a: 1 # last\n\nserving:\n  image: IMAGE\n"),
        ("a: 1\r\n", "a: 1\r\n\r\nserving:\r\n  image: IMAGE\r\n"),
        ("{a: 1}\n", "{serving: {image: IMAGE}, a: 1}\n"),
    ] {
        let wanted = after.replace("IMAGE", IMAGE);
        assert_eq!(pin(before).as_deref(), Ok(wanted.as_str()), "{before:?}");
        assert_eq!(pin(&wanted).as_deref(), Ok(wanted.as_str()), "a second time: {before:?}");
    }
}

#[test]
fn what_has_no_place_for_an_image_is_told_and_not_guessed() {
    for (text, word) in [
        ("serving:\n", "nothing behind `serving`"),
        ("serving:\n  image: # later\n", "nothing behind `image`"),
        ("serving: [x]\n", "must be a mapping"),
        ("serving: {image: 5}\n", "must be text"),
        ("a: 1\na: 2\n", "duplicate key `a`"),
        ("a: [\n", "not valid YAML"),
        ("a: 1\n...\n", "cannot be placed"),
        ("a: &s {logLevel: info}\nserving: *s\n", "cannot be placed"),
        ("", "expected a mapping"),
    ] {
        let told = pin(text).expect_err(text);
        assert!(told.contains(word) && told.contains("environments/test.yaml") && told.contains("hint: "), "{told}");
    }
}

#[test]
fn an_image_that_may_become_another_is_refused() {
    let digest = IMAGE.split_once('@').expect("a digest").1;
    for bad in [
        "mlstack/serving:v1",
        "mlstack/serving",
        "",
        digest,
        "mlstack/serving@sha256:",
        "mlstack/serving@sha256:00ab",
        &format!("mlstack/serving@{}", digest.to_uppercase()),
        &format!("mlstack/serving@{digest}0"),
        &format!("mlstack/serving@{}", digest.replace("sha256", "md5")),
        &format!(" mlstack/serving@{digest}"),
    ] {
        let told = released(bad).expect_err(bad).to_string();
        assert!(told.contains("digest") && told.contains("hint: "), "{told}");
    }
    for good in [IMAGE.to_owned(), format!("localhost:5000/serving:1a2b@{digest}")] {
        assert_eq!(released(&good).map(|image| image.to_string()), Ok(good));
    }
}

#[test]
fn every_environment_of_the_repository_can_be_pinned() {
    for folder in ["environments", "tests/environments"] {
        for entry in fs::read_dir(repository().join(folder)).expect("a folder").flatten() {
            if entry.path().extension().is_some_and(|ending| ending == "yaml") {
                let text = fs::read_to_string(entry.path()).expect("a file");
                let pinned = pin(&text).expect("a place for the image");
                let changed = |one: &str, other: &str| {
                    let other: Vec<_> = other.lines().collect();
                    one.lines().filter(|line| !other.contains(line)).count()
                };
                assert!(changed(&text, &pinned) <= 1 && changed(&pinned, &text) <= 3, "{pinned}");
            }
        }
    }
}

#[test]
fn the_command_writes_the_file_once_and_refuses_what_is_no_digest() {
    let project = project();
    let file = project.path().join("environments/local.yaml");
    let before = fs::read_to_string(&file).expect("local");
    let run = |arguments: &[&str]| {
        let done = mlstack(project.path(), arguments);
        (
            done.status.code(),
            String::from_utf8_lossy(&done.stdout).into_owned(),
            String::from_utf8_lossy(&done.stderr).into_owned(),
        )
    };
    assert_eq!(run(&["pin", "local"]), (Some(0), "mlstack/serving:v1\n".into(), String::new()));
    for bad in ["mlstack/serving:v2", "sha256:00ab"] {
        let (code, out, told) = run(&["pin", "local", bad]);
        assert_eq!((code, out.as_str()), (Some(2), ""), "{told}");
        assert!(told.contains("digest") && told.contains("hint: "), "{told}");
    }
    assert_eq!(fs::read_to_string(&file).expect("local"), before);

    let (code, out, told) = run(&["pin", "local", IMAGE]);
    assert_eq!((code, out.as_str()), (Some(0), ""), "{told}");
    assert_eq!(
        fs::read_to_string(&file).expect("local"),
        before.replace("image: mlstack/serving:v1", &format!("image: {IMAGE}"))
    );
    assert_eq!(run(&["pin", "local"]).1, format!("{IMAGE}\n"));
    let time = || fs::metadata(&file).and_then(|file| file.modified()).expect("a time");
    let written = time();
    assert!(run(&["pin", "local", IMAGE]).2.contains("already"));
    assert_eq!(time(), written, "what is pinned already is not written");
    let left = fs::read_dir(project.path().join("environments")).expect("a folder").flatten();
    assert!(left.into_iter().all(|entry| entry.path().extension().is_some_and(|ending| ending != "new")));

    assert_eq!(run(&["pin", "nowhere", IMAGE]).0, Some(2));
}
