//! A container without an engine: what a kubelet would make of the image under the `restricted` profile. Needs root.

use std::{
    fs,
    io::Read,
    os::unix::fs::{PermissionsExt, symlink},
    path::{Path, PathBuf},
    process::Command,
    sync::OnceLock,
};

use serde_json::{Value, json};
use servers::{repository, run, tool};

/// Mounts, then gives up what is not needed to change the root and the user; the last `exec` is the program, so a
/// signal to the process is one to the program. The mounts end with it.
const START: &str = r#"
set -e
root=$1 user=$2 groups=$3; shift 3
mount --bind "$root" "$root"
mount --options remount,bind,ro "$root"
while [ "$1" != -- ]; do
    if [ "$1" = tmpfs ]; then mount --types tmpfs --options mode=1777,size=64m tmpfs "$root$2"
    else mount --bind "$1" "$root$2"; mount --options "remount,bind,$3" "$root$2"; fi
    shift 3
done
shift
exec setpriv --no-new-privs --bounding-set=-all,+sys_chroot,+setuid,+setgid -- \
    chroot --userspec="$user" --groups="$groups" "$root" "$@"
"#;

/// An image in a file, and unpacked.
pub struct Image {
    pub tar: PathBuf,
    pub digest: String,
    configuration: Value,
    root: PathBuf,
}

/// A folder or file of the machine, and where a container sees it.
pub struct Mount {
    pub from: PathBuf,
    pub to: String,
    pub writable: bool,
}

impl Mount {
    /// A folder in memory.
    pub fn memory(to: &str) -> Self {
        Self { from: "tmpfs".into(), to: to.to_owned(), writable: true }
    }
}

/// Who runs in a container: `uid:gid`, and further groups separated by commas.
pub struct Identity<'i> {
    pub user: &'i str,
    pub groups: &'i str,
}

impl Image {
    /// The image of the program `serving`, built once a run.
    pub fn serving() -> &'static Self {
        static BUILT: OnceLock<Image> = OnceLock::new();
        BUILT.get_or_init(|| Self::build(&repository().join("target/tests/image"), &[]))
    }

    /// What the official image of Prometheus has that matters: the program, and the user that it runs as by itself.
    pub fn prometheus() -> &'static Self {
        static LAID_OUT: OnceLock<Image> = OnceLock::new();
        LAID_OUT.get_or_init(|| {
            let root = repository().join("target/tests/prometheus");
            for folder in ["bin", "etc"] {
                fs::create_dir_all(root.join(folder)).expect("a folder");
            }
            fs::copy(tool("prometheus-3"), root.join("bin/prometheus")).expect("the program");
            let configuration = json!({"config": {"User": "nobody", "Entrypoint": ["/bin/prometheus"], "Env": []}});
            Self { tar: PathBuf::new(), digest: String::new(), configuration, root }
        })
    }

    /// An image of a program that looks around in it.
    pub fn probe() -> Self {
        let folder = repository().join("target/tests/probe");
        fs::create_dir_all(&folder).expect("a folder");
        let source = repository().join("tests/serving/cases/probe.rs");
        let mut rustc = Command::new("rustc");
        rustc
            .args(["--edition", "2024", "-C", "target-feature=+crt-static", "-o"])
            .arg(folder.join("probe"))
            .arg(source);
        assert!(rustc.status().expect("rustc runs").success());
        let binary = folder.join("probe");
        Self::build(&folder, &["--binary", binary.to_str().expect("text")])
    }

    fn build(folder: &Path, arguments: &[&str]) -> Self {
        let mut image = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
        image.args(["run", "--quiet", "--package", "image", "--", "--output"]).arg(folder).args(arguments);
        let built = run(image.current_dir(repository()));
        assert!(built.status.success(), "{}", String::from_utf8_lossy(&built.stderr));
        let printed = String::from_utf8(built.stdout).expect("text");
        let digest = printed.trim().split_once(' ').expect("a name and a digest").1.to_owned();

        let tar = folder.join("serving.tar");
        let docker: Value = serde_json::from_slice(&file(&tar, "manifest.json")).expect("JSON");
        let part = |part: &Value| file(&tar, part.as_str().expect("a path"));
        let configuration = serde_json::from_slice(&part(&docker[0]["Config"])).expect("JSON");
        let root = folder.join("root");
        // Of an earlier run.
        let _ = fs::remove_dir_all(&root);
        let layer = part(&docker[0]["Layers"][0]);
        let mut layer = tar::Archive::new(layer.as_slice());
        layer.set_preserve_permissions(true);
        layer.set_preserve_ownerships(true);
        layer.unpack(&root).expect("the layer is a tar, and we are root");
        // As engines have it, whatever the umask is.
        fs::set_permissions(&root, fs::Permissions::from_mode(0o755)).expect("a mode");
        Self { tar, digest, configuration, root }
    }

    /// The image's entry point with these arguments, in a container with these folders and files of the machine
    /// (path there, path in the container) and a `/tmp`. Its environment is the image's; its network is the machine's.
    pub fn container(&self, arguments: &[&str], mounts: &[(&Path, &str)]) -> Command {
        let user = self.configuration["config"]["User"].as_str().expect("text");
        let given =
            mounts.iter().map(|(from, to)| Mount { from: from.to_path_buf(), to: (*to).into(), writable: true });
        let mounts: Vec<_> = [Mount::memory("/tmp")].into_iter().chain(given).collect();
        self.container_in(&self.root, &Identity { user, groups: "" }, arguments, &mounts)
    }

    /// A root of a container's own, in `folder`: the image's files, as links.
    pub fn root_in(&self, folder: &Path) -> PathBuf {
        let root = folder.join("root");
        let copied = run(Command::new("cp").arg("--archive").arg("--link").arg(&self.root).arg(&root));
        assert!(copied.status.success(), "{}", String::from_utf8_lossy(&copied.stderr));
        root
    }

    /// The same with a root, an identity and mounts of one's own; the root is read-only.
    pub fn container_in(&self, root: &Path, identity: &Identity<'_>, arguments: &[&str], mounts: &[Mount]) -> Command {
        let config = &self.configuration["config"];
        let text = |value: &Value| value.as_str().expect("text").to_owned();
        let entry: Vec<_> = config["Entrypoint"].as_array().expect("a list").iter().map(text).collect();
        let words: Vec<_> = entry.iter().map(String::as_str).chain(arguments.iter().copied()).collect();
        let mut command = in_root(root, identity, &words, mounts);
        for variable in config["Env"].as_array().expect("a list").iter().map(text) {
            let (name, value) = variable.split_once('=').expect("a variable");
            command.env(name, value);
        }
        command
    }
}

/// A program in a container whose root is there; the root is read-only.
fn in_root(root: &Path, identity: &Identity<'_>, words: &[&str], mounts: &[Mount]) -> Command {
    let mut command = Command::new("unshare");
    command.args(["--mount", "--", "sh", "-c", START, "sh"]).arg(root).args([identity.user, identity.groups]);
    for Mount { from, to, writable } in mounts {
        let point = root.join(to.trim_start_matches('/'));
        let made = if from.is_file() { fs::write(&point, "") } else { fs::create_dir_all(&point) };
        made.expect("a mount point");
        command.arg(from).arg(to).arg(if *writable { "rw" } else { "ro" });
    }
    command.arg("--").args(words);
    // What engines set where the image does not.
    command.env_clear().env("PATH", "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin");
    command
}

/// A container of PostgreSQL's image, whose root is made in `folder`: Debian, as this machine is, with the tools of the server
/// that tests start.
pub fn postgres_in(folder: &Path, identity: &Identity<'_>, words: &[&str], mounts: Vec<Mount>) -> Command {
    let root = folder.join("root");
    fs::create_dir_all(root.join("etc")).expect("a folder");
    for link in ["bin", "lib", "lib64", "sbin"] {
        symlink(Path::new("usr").join(link), root.join(link)).expect("a link");
    }
    // Every engine gives a container its devices.
    let machine = ["/usr", "/dev"].map(|path| Mount { from: path.into(), to: path.to_owned(), writable: false });
    let mounts: Vec<_> = machine.into_iter().chain(mounts).collect();
    // Past a link: beside the program are the others of its version.
    let tools = tool("initdb").canonicalize().expect("a path");
    let mut command = in_root(&root, identity, words, &mounts);
    command.env("PATH", format!("{}:/usr/sbin:/usr/bin", tools.parent().expect("a folder").display()));
    command
}

/// A file of a tar.
fn file(tar: &Path, path: &str) -> Vec<u8> {
    let mut archive = tar::Archive::new(fs::File::open(tar).expect("a tar"));
    let mut entries = archive.entries().expect("entries").map(|entry| entry.expect("an entry"));
    let mut entry = entries.find(|entry| entry.path_bytes().as_ref() == path.as_bytes()).expect(path);
    let mut content = Vec::new();
    entry.read_to_end(&mut content).expect("content");
    content
}
