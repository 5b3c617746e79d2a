//! The root file system of the image: the program, the authorities that it trusts, a user, and room for temporary files.

use std::{
    fs,
    os::unix::fs::PermissionsExt,
    path::{Path, PathBuf},
};

use tar::{Builder, EntryType, Header};

use crate::failure::Failure;

/// The program's path in the image.
pub const PROGRAM: &str = "/serving";
/// The authorities' path in the image.
pub const AUTHORITIES: &str = "/etc/ssl/certs/ca-certificates.crt";
/// Who the program runs as; the number that distroless images have made customary.
pub const USER: &str = "65532";

/// A file, or a folder where there is no content.
#[derive(Debug)]
pub struct Entry {
    /// Below the root, without a slash in front.
    path: PathBuf,
    mode: u32,
    content: Option<Vec<u8>>,
}

/// What the image holds, folders before what is in them.
pub fn entries(program: Vec<u8>) -> Vec<Entry> {
    let folder = |path: &str, mode| Entry { path: path.into(), mode, content: None };
    let file =
        |path: &str, mode, content| Entry { path: path.trim_start_matches('/').into(), mode, content: Some(content) };
    let passwd = format!("root:x:0:0:root:/:/sbin/nologin\nnonroot:x:{USER}:{USER}:nonroot:/:/sbin/nologin\n");
    let group = format!("root:x:0:\nnonroot:x:{USER}:\n");
    let mut entries = vec![
        file(PROGRAM, 0o755, program),
        file(AUTHORITIES, 0o644, authorities()),
        file("etc/group", 0o644, group.into_bytes()),
        file("etc/passwd", 0o644, passwd.into_bytes()),
        folder("etc", 0o755),
        folder("etc/ssl", 0o755),
        folder("etc/ssl/certs", 0o755),
        folder("tmp", 0o1777),
    ];
    entries.sort_by(|one, other| one.path.cmp(&other.path));
    entries
}

/// Mozilla's certificate authorities, as everybody's TLS library reads them.
fn authorities() -> Vec<u8> {
    let certificates = webpki_root_certs::TLS_SERVER_ROOT_CERTS.iter();
    let blocks: Vec<_> = certificates.map(|certificate| pem::Pem::new("CERTIFICATE", certificate.to_vec())).collect();
    let lines = pem::EncodeConfig::new().set_line_ending(pem::LineEnding::LF);
    pem::encode_many_config(&blocks, lines).into_bytes()
}

/// The image's one layer, a tar. Times are 0, so that it is the same whenever the same program is built.
pub fn layer(entries: &[Entry]) -> Result<Vec<u8>, Failure> {
    let mut tar = Builder::new(Vec::new());
    for Entry { path, mode, content } in entries {
        let kind = if content.is_some() { EntryType::Regular } else { EntryType::Directory };
        append(&mut tar, kind, path, *mode, content.as_deref().unwrap_or_default())?;
    }
    tar.into_inner().map_err(Failure::io("write", "the layer".as_ref()))
}

/// Adds an entry that says nothing of the machine: root owns it, and it is from the first of January 1970.
pub fn append(
    tar: &mut Builder<Vec<u8>>,
    kind: EntryType,
    path: &Path,
    mode: u32,
    content: &[u8],
) -> Result<(), Failure> {
    let mut header = Header::new_ustar();
    header.set_entry_type(kind);
    header.set_mode(mode);
    header.set_size(content.len() as u64);
    header.set_mtime(0);
    header.set_uid(0);
    header.set_gid(0);
    tar.append_data(&mut header, path, content).map_err(Failure::io("write", path))
}

/// Writes the root as a folder, owned by whoever runs this.
pub fn write(entries: &[Entry], folder: &Path) -> Result<(), Failure> {
    fs::create_dir_all(folder).map_err(Failure::io("make", folder))?;
    // A root that is in use has a user file of its own.
    if fs::read_dir(folder).map_err(Failure::io("read", folder))?.next().is_some() {
        return Err(Failure::NotEmpty(folder.to_owned()));
    }
    for Entry { path, mode, content } in entries {
        let path = folder.join(path);
        match content {
            Some(content) => fs::write(&path, content),
            None => fs::create_dir(&path),
        }
        .and_then(|()| fs::set_permissions(&path, fs::Permissions::from_mode(*mode)))
        .map_err(Failure::io("write", &path))?;
    }
    Ok(())
}
