//! The table `prediction`, row by row: the connection waits for whoever reads, and never holds more than a few rows.

use std::{pin::pin, time::Duration};

use futures::TryStreamExt;
use tokio::time::timeout;
use tokio_postgres::{Client, NoTls, types::Type};

use super::{Others, Unread, Wanted};
use crate::postgres::{Address, Trouble, connect};

/// For a connection, and for the next row; the server gives up before us.
const PATIENCE: Duration = Duration::from_mins(11);
/// Nothing is written by mistake; all statements see the same rows.
const SESSION: &str = "SET statement_timeout = '10min'; BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY";
/// Microseconds since 1970: no digit is lost on the way.
const SPAN: &str = "WHERE at >= timestamptz 'epoch' + $1::text::interval AND at < timestamptz 'epoch' + $2::text::interval AND model = $3";

pub(super) async fn read(
    address: Address,
    wanted: &Wanted,
    row: &mut impl FnMut(&str) -> bool,
) -> Result<Others, Unread> {
    let mut others = Others::default();
    let opened = timeout(PATIENCE, async {
        Ok::<_, tokio_postgres::Error>(match &address.tls {
            Some(tls) => connect(&address.config, tls.clone()).await?,
            None => connect(&address.config, NoTls).await?,
        })
    });
    let (client, _driver) = opened.await.map_err(|_| Trouble::Silent)?.map_err(Trouble::from)?;
    client.batch_execute(SESSION).await.map_err(Trouble::from)?;
    let there = client.query_typed("SELECT to_regclass('prediction') IS NOT NULL", &[]).await.map_err(Trouble::from)?;
    if !there.iter().any(|row| row.try_get(0).unwrap_or(false)) {
        return Ok(others);
    }
    // Other models are no mistake here: a table may be everybody's, and its index begins with the model.
    let counts = format!("SELECT version, count(*) FROM prediction {SPAN} AND version <> $4 GROUP BY 1");
    each(&client, &counts, wanted, |counted| {
        others.version(counted.try_get(0)?, counted.try_get::<_, i64>(1)?.unsigned_abs());
        Ok(())
    })
    .await?;
    let rows = format!("SELECT inputs::text FROM prediction {SPAN} AND version = $4");
    each(&client, &rows, wanted, |found| {
        if !row(found.try_get(0)?) {
            others.unreadable += 1;
        }
        Ok(())
    })
    .await?;
    Ok(others)
}

async fn each(
    client: &Client,
    statement: &str,
    wanted: &Wanted,
    mut row: impl FnMut(&tokio_postgres::Row) -> Result<(), tokio_postgres::Error>,
) -> Result<(), Trouble> {
    let [since, until] = [wanted.since, wanted.until].map(|time| format!("{} microseconds", time.as_microsecond()));
    let parameters = [&since, &until, &wanted.model, &wanted.version].map(|text| (text, Type::TEXT));
    let stream = timeout(PATIENCE, client.query_typed_raw(statement, parameters)).await;
    let mut stream = pin!(stream.map_err(|_| Trouble::Silent)??);
    while let Some(found) = timeout(PATIENCE, stream.try_next()).await.map_err(|_| Trouble::Silent)?? {
        row(&found)?;
    }
    Ok(())
}
