//! What a container of the image starts, as whom, and where it comes from.

use oci_spec::image::{
    ANNOTATION_DESCRIPTION, ANNOTATION_REVISION, ANNOTATION_SOURCE, ANNOTATION_TITLE, ANNOTATION_VERSION,
    ConfigBuilder, HistoryBuilder, ImageConfiguration, ImageConfigurationBuilder, Os, RootFsBuilder,
};

use crate::{
    archive,
    failure::Failure,
    origin::Origin,
    program::Program,
    root::{AUTHORITIES, PROGRAM, USER},
    toolchain::Toolchain,
};

/// The ports of the API and of the page.
const PORTS: [&str; 2] = ["8000/tcp", "8501/tcp"];

/// The configuration of an image of one layer.
pub fn of(
    program: &Program,
    origin: &Origin,
    toolchain: &Toolchain,
    layer: &[u8],
) -> Result<ImageConfiguration, Failure> {
    let package = toolchain.serving()?;
    let labels = [
        (ANNOTATION_DESCRIPTION, package.description.clone()),
        (ANNOTATION_REVISION, origin.revision.clone()),
        (ANNOTATION_SOURCE, origin.source.clone()),
        (ANNOTATION_TITLE, Some(package.name.to_string())),
        (ANNOTATION_VERSION, Some(package.version.to_string())),
    ];
    let labels = labels.into_iter().filter_map(|(key, value)| Some((key.to_owned(), value?)));
    let config = ConfigBuilder::default()
        .user(format!("{USER}:{USER}"))
        .exposed_ports(PORTS.map(str::to_owned))
        .env([
            // For the tags of what is trained; as a variable, so that the program is the same for every commit.
            format!("IMAGE_REVISION={}", origin.revision.as_deref().unwrap_or("unknown")),
            format!("SSL_CERT_FILE={AUTHORITIES}"),
        ])
        .entrypoint([PROGRAM.to_owned()])
        .working_dir("/")
        .labels(labels.collect::<std::collections::HashMap<_, _>>());
    // Readers want as many entries of history as there are layers.
    let history = HistoryBuilder::default().created(&origin.created).created_by("just image");
    let root = RootFsBuilder::default().diff_ids([archive::digest(layer).to_string()]);
    ImageConfigurationBuilder::default()
        .created(&origin.created)
        .architecture(program.architecture.clone())
        .os(Os::Linux)
        .config(config.build().map_err(Failure::description)?)
        .rootfs(root.build().map_err(Failure::description)?)
        .history([history.build().map_err(Failure::description)?])
        .build()
        .map_err(Failure::description)
}
