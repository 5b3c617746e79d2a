//! Nobody gets the page to keep more in memory than it has, or a place for ever.

use std::sync::{
    Arc,
    atomic::{AtomicUsize, Ordering},
};

use axum::body::Body;
use bytes::Bytes;
use futures::{FutureExt, StreamExt, future::join_all, stream};

use super::stub::{FIELD, FILE, FORMS, ROWS, rows, send, start};

#[tokio::test]
async fn few_pieces_are_read_and_under_way_at_a_time() {
    let (router, stub, session) = start().await;
    stub.pause.store(50, Ordering::Relaxed);
    let begun = Arc::new(AtomicUsize::new(0));
    let piece = async || {
        let body = counted("Âge,Taille,Région\n1,1,nord\n\"".into(), 1, &begun);
        rows(&router, &session, body).await;
        let begun = begun.load(Ordering::Relaxed);
        let done = stub.asked().len();
        assert!(begun <= done + 4, "{begun} were read when {done} were done");
    };
    join_all((0..12).map(|_| piece())).await;
    assert_eq!(stub.asked().len(), 12);
    let together = stub.together.load(Ordering::Relaxed);
    assert!((2..=4).contains(&together), "{together} at a time");
}

#[tokio::test]
async fn nothing_is_read_of_a_piece_that_comes_from_elsewhere() {
    let (router, _, [cookie, _]) = start().await;
    let asked = Arc::default();
    let elsewhere = [cookie, "0".repeat(64)];
    let (status, _) = send(&router, ROWS, "text/csv", &elsewhere, counted(String::new(), 9, &asked)).await;
    assert_eq!((status.as_u16(), asked.load(Ordering::Relaxed)), (403, 0));
}

#[tokio::test]
async fn who_sends_no_more_keeps_no_place() {
    let _alone = FORMS.lock().await;
    let (router, _, session) = start().await;
    // Waiting takes no time from here on.
    tokio::time::pause();
    let begins = |text: &str| {
        let begins = stream::iter([Ok::<_, std::io::Error>(Bytes::from(text.to_owned()))]);
        Body::from_stream(begins.chain(stream::pending()))
    };
    let kind = "multipart/form-data; boundary=x";
    let form = format!("{}{}\r\n{FILE}Âge,", FIELD, session[1]);
    for _ in 0..6 {
        let (status, text) = send(&router, ROWS, "text/csv", &session, begins("Âge,")).await;
        assert!(status == 200 && text.contains("data-trouble=\"page\" data-retry=\"3\""), "{text}");
        for form in [&form, FIELD] {
            let (status, text) = send(&router, "/fr/models/m/batch", kind, &session, begins(form)).await;
            assert!(status == 408 && text.contains("data-trouble=\"page\""), "{status} {text}");
        }
    }
}

/// A body that begins so and then goes on in chunks, each of which is counted as it is asked for.
fn counted(begins: String, chunks: usize, asked: &Arc<AtomicUsize>) -> Body {
    let asked = asked.clone();
    let rest = stream::iter(0..chunks).then(move |_| {
        asked.fetch_add(1, Ordering::Relaxed);
        // As a connection does: others may run in between.
        tokio::task::yield_now().map(|()| Ok(Bytes::from_static(&[b'x'; 1 << 10])))
    });
    Body::from_stream(stream::iter([Ok::<_, std::io::Error>(Bytes::from(begins))]).chain(rest))
}

#[tokio::test]
async fn an_endless_token_is_not_read() {
    let _alone = FORMS.lock().await;
    let (router, _, session) = start().await;
    let asked = Arc::default();
    let body = counted(FIELD.into(), 1 << 14, &asked);
    let (status, text) = send(&router, "/fr/models/m/batch", "multipart/form-data; boundary=x", &session, body).await;
    assert_eq!(status, 403, "{text}");
    let asked = asked.load(Ordering::Relaxed);
    assert!(asked < 4, "{asked} kilobytes were read");
}
