// Looks around in a container, and says what it sees. Compiled by `container.rs`, not a part of the tests.
use std::{env, fs, os::unix::fs::MetadataExt};

fn main() {
    let names = |folder: &str| {
        let mut names: Vec<_> = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().file_name()).collect();
        names.sort();
        names
    };
    println!("arguments {:?}", env::args().skip(1).collect::<Vec<_>>());
    println!("folder {:?}", env::current_dir().unwrap());
    println!("root {:?}", names("/"));
    for file in ["/new", "/etc/new", "/serving", "/tmp/new", "/given/new"] {
        println!("write {file} {:?}", fs::write(file, "x").map_err(|error| error.kind()));
    }
    println!("owner {:?}", fs::metadata("/tmp/new").map(|new| (new.uid(), new.gid())).unwrap());
    let authorities = fs::read_to_string(env::var("SSL_CERT_FILE").unwrap()).unwrap();
    println!("authorities {}", authorities.matches("BEGIN CERTIFICATE").count());
    print!("{}", fs::read_to_string("/proc/self/status").unwrap());
}
