//! What all requests share.

use std::{
    num::NonZero,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    thread::available_parallelism,
    time::Duration,
};

use arc_swap::ArcSwapOption;
use model_file::ModelFile;
use prediction_log::PredictionLog;
use tokio::sync::Semaphore;

use super::{answer::Words, auth::Keys, metrics::Metrics, traffic::Instance, versions::Known};
use crate::model::{Features, Loaded};

/// The service, as every handler gets it.
pub type Shared = Arc<Service>;

/// What one request may ask for.
#[derive(Debug, Clone, Copy)]
pub struct Limits {
    /// Bytes of a body.
    pub body: usize,
    /// Rows of a body.
    pub rows: usize,
    /// Requests that are answered at the same time.
    pub at_once: usize,
    /// From the last header to the answer.
    pub timeout: Duration,
}

/// A model's service.
pub struct Service {
    /// What the model is.
    pub file: ModelFile,
    /// Its features.
    pub features: Features,
    /// Its words.
    pub words: Words,
    /// Who may predict.
    pub api_keys: Keys,
    /// Who may watch.
    pub monitoring: Keys,
    /// What one request may ask for.
    pub limits: Limits,
    /// Places for requests that work.
    pub places: Semaphore,
    /// Places for what is being explained. Who waited too long is gone, and what is explained for him goes on: it holds its place.
    pub explaining: Arc<Semaphore>,
    /// What is counted.
    pub metrics: Metrics,
    /// Which process this is.
    pub(super) instance: Instance,
    /// The versions that the registry has.
    pub(super) versions: Known,
    /// Where predictions are kept, if they are.
    pub log: Option<PredictionLog>,
    /// Whether requests are traced.
    pub traced: bool,
    /// The version that is served. Each request takes it once, so its answer is of one version.
    model: ArcSwapOption<Loaded>,
    draining: AtomicBool,
}

/// What a service is made of.
pub struct Parts {
    /// What the model is.
    pub file: ModelFile,
    /// Its name in the registry.
    pub model: String,
    /// Who may predict.
    pub api_keys: Keys,
    /// Who may watch.
    pub monitoring: Keys,
    /// What one request may ask for.
    pub limits: Limits,
    /// Where predictions are kept, if they are.
    pub log: Option<PredictionLog>,
    /// Whether requests are traced.
    pub traced: bool,
}

impl Service {
    /// A service without a model yet.
    ///
    /// # Errors
    /// When metrics clash, which is a mistake in this program.
    pub fn new(parts: Parts) -> Result<Shared, prometheus::Error> {
        let Parts { file, model, api_keys, monitoring, limits, log, traced } = parts;
        let words = Words::of(&file, &model);
        let metrics = Metrics::new(&model, words.classes.iter().map(|(class, _)| class.as_str()))?;
        Ok(Arc::new(Self {
            features: Features::of(&file),
            words,
            file,
            api_keys,
            monitoring,
            limits,
            places: Semaphore::new(limits.at_once),
            explaining: Arc::new(Semaphore::new(available_parallelism().map_or(1, NonZero::get))),
            metrics,
            instance: Instance::new(),
            versions: Known::default(),
            log,
            traced,
            model: ArcSwapOption::empty(),
            draining: AtomicBool::new(false),
        }))
    }

    /// The version that is served now.
    pub fn model(&self) -> Option<Arc<Loaded>> {
        self.model.load_full()
    }

    /// Serves `model` from now on. Requests under way end with the version they began with.
    pub fn serve(&self, model: Loaded) {
        self.metrics.serves(&self.words.model, &model.version);
        self.model.store(Some(Arc::new(model)));
    }

    /// Nobody should send requests any more; those that come are answered.
    pub fn drain(&self) {
        self.draining.store(true, Ordering::Relaxed);
    }

    /// Whether the process is about to end.
    pub fn is_draining(&self) -> bool {
        self.draining.load(Ordering::Relaxed)
    }
}
