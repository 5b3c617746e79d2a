//! A store that says that all is well, and gives back something else.

use std::{fmt, sync::Arc};

use async_trait::async_trait;
use futures::{StreamExt, stream, stream::BoxStream};
use object_store::{
    CopyOptions, GetOptions, GetResult, GetResultPayload, ListResult, ObjectMeta, ObjectStore, PutMultipartOptions,
    PutOptions, PutResult, Result, path::Path as Place,
};

use super::*;

#[derive(Debug)]
struct Forgetful(Arc<dyn ObjectStore>);

impl fmt::Display for Forgetful {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("a forgetful store")
    }
}

#[async_trait]
impl ObjectStore for Forgetful {
    async fn put_opts(&self, place: &Place, payload: PutPayload, options: PutOptions) -> Result<PutResult> {
        self.0.put_opts(place, payload, options).await
    }

    async fn put_multipart_opts(
        &self,
        place: &Place,
        options: PutMultipartOptions,
    ) -> Result<Box<dyn MultipartUpload>> {
        self.0.put_multipart_opts(place, options).await
    }

    async fn get_opts(&self, place: &Place, options: GetOptions) -> Result<GetResult> {
        let found = self.0.get_opts(place, options).await?;
        let (meta, range, attributes, extensions) =
            (found.meta.clone(), found.range.clone(), found.attributes.clone(), found.extensions.clone());
        let mut bytes = found.bytes().await?.to_vec();
        bytes.pop();
        let payload = GetResultPayload::Stream(stream::once(async move { Ok(bytes.into()) }).boxed());
        Ok(GetResult { payload, meta, range, attributes, extensions })
    }

    fn delete_stream(&self, places: BoxStream<'static, Result<Place>>) -> BoxStream<'static, Result<Place>> {
        self.0.delete_stream(places)
    }

    fn list(&self, prefix: Option<&Place>) -> BoxStream<'static, Result<ObjectMeta>> {
        self.0.list(prefix)
    }

    async fn list_with_delimiter(&self, prefix: Option<&Place>) -> Result<ListResult> {
        self.0.list_with_delimiter(prefix).await
    }

    async fn copy_opts(&self, from: &Place, to: &Place, options: CopyOptions) -> Result<()> {
        self.0.copy_opts(from, to, options).await
    }
}

#[test]
fn what_does_not_come_back_as_it_went_is_no_backup_and_does_not_stay() {
    let (dumps, folder) = (tempfile::tempdir().expect("a folder"), tempfile::tempdir().expect("a folder"));
    let name = "mlflow-20261121T020000Z.dump";
    fs::write(dumps.path().join(name), "rows").expect("a dump");
    let mut sum = Sum::default();
    sum.add(b"rows");
    fs::write(dumps.path().join(SUMS), format!("{}  {name}\n", sum.receipt().sha256)).expect("sums");
    let mut store: Store = folder.path().to_str().expect("text").parse().expect("a store");
    store.inner.objects = Arc::new(Forgetful(store.inner.objects.clone()));
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
    let error = runtime.block_on(keep(dumps.path(), &store, 1, Timestamp::now())).expect_err("a byte is missing");
    assert!(error.to_string().contains("is not what was written: 3 bytes"), "{error}");
    assert_eq!(fs::read_dir(folder.path()).expect("a folder").count(), 0);
}
