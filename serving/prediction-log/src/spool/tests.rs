//! Order, bound and leftovers.

use std::fs;

use super::Spool;
use crate::{Error, queue::Batch};

fn batch(text: &str) -> Batch {
    Batch::of(text.as_bytes().to_vec(), text.lines().count() as u64)
}

fn drain(spool: &mut Spool) -> String {
    let mut text = Vec::new();
    while let Some((number, batch)) = spool.oldest().unwrap() {
        text.extend(batch.text);
        spool.remove(number);
    }
    String::from_utf8(text).unwrap()
}

#[test]
fn rows_come_out_in_the_order_in_which_they_left_the_queue() {
    let folder = tempfile::tempdir().unwrap();
    let mut spool = Spool::open(folder.path().into(), 1000, 10).unwrap();
    spool.append(&batch("1\n2\n")).unwrap();
    let flying = spool.reserve();
    for text in ["4\n", "5\n", "6\n7\n8\n9\n"] {
        spool.append(&batch(text)).unwrap();
    }
    spool.keep(flying, &batch("3\n")).unwrap();
    assert_eq!(spool.size(), (9, 18));
    // Segments: 1 2, 3, 4 5, 6 7 8 9, and the lock.
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 5);
    assert_eq!(drain(&mut spool), "1\n2\n3\n4\n5\n6\n7\n8\n9\n");
    assert_eq!((spool.is_empty(), spool.size()), (true, (0, 0)));
}

#[test]
fn a_segment_that_is_being_sent_grows_no_more() {
    let folder = tempfile::tempdir().unwrap();
    let mut spool = Spool::open(folder.path().into(), 1000, 100).unwrap();
    spool.append(&batch("1\n")).unwrap();
    let (number, _) = spool.oldest().unwrap().unwrap();
    spool.append(&batch("2\n")).unwrap();
    spool.remove(number);
    assert_eq!(drain(&mut spool), "2\n");
}

#[test]
fn the_bound_holds_and_room_comes_back() {
    let folder = tempfile::tempdir().unwrap();
    let mut spool = Spool::open(folder.path().into(), 5, 4).unwrap();
    let kept: Vec<bool> = (0..4).map(|_| spool.append(&batch("1\n")).is_ok()).collect();
    assert_eq!(kept, [true, true, false, false]);
    let flying = spool.reserve();
    spool.keep(flying, &batch("12\n")).unwrap_err();
    assert_eq!(drain(&mut spool), "1\n1\n");
    spool.append(&batch("1234\n")).unwrap();
}

#[test]
fn what_an_earlier_process_left_comes_first() {
    let folder = tempfile::tempdir().unwrap();
    let mut spool = Spool::open(folder.path().into(), 1000, 4).unwrap();
    for number in 0..12 {
        spool.append(&batch(&format!("{number}\n"))).unwrap();
    }
    assert!(matches!(Spool::open(folder.path().into(), 1000, 4), Err(Error::InUse(_))));
    drop(spool);
    fs::write(folder.path().join("notes.txt"), "not ours").unwrap();
    let mut spool = Spool::open(folder.path().into(), 1000, 4).unwrap();
    assert_eq!(spool.size(), (12, 26));
    spool.append(&batch("12\n")).unwrap();
    assert_eq!(drain(&mut spool), "0\n1\n2\n3\n4\n5\n6\n7\n8\n9\n10\n11\n12\n");
    assert!(folder.path().join("notes.txt").is_file());
}

#[test]
fn a_segment_that_is_gone_is_lost_and_counted() {
    let folder = tempfile::tempdir().unwrap();
    let mut spool = Spool::open(folder.path().into(), 1000, 4).unwrap();
    for text in ["1\n2\n", "3\n4\n"] {
        spool.append(&batch(text)).unwrap();
    }
    fs::remove_file(folder.path().join("00000000000000000000.jsonl")).unwrap();
    assert_eq!(spool.oldest().err().map(|(_, rows)| rows), Some(2));
    assert_eq!(drain(&mut spool), "3\n4\n");
}
