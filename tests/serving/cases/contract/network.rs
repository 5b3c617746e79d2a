//! Addresses that pods have for each other: every address of 127.0.0.0/8 is this machine, so each pod has one of its own, with
//! the ports that its manifest says, and a name server tells them by the names of the cluster.

use std::{
    collections::{BTreeMap, BTreeSet},
    net::{Ipv4Addr, UdpSocket},
    sync::{
        Arc, Mutex,
        atomic::{AtomicU8, Ordering},
    },
    thread,
};

use simple_dns::{CLASS, Packet, PacketFlag, RCODE, ResourceRecord, rdata::RData};

type Names = Arc<Mutex<BTreeMap<String, Vec<Ipv4Addr>>>>;
type Asked = Arc<Mutex<BTreeSet<String>>>;

pub struct Network {
    pub name_server: Ipv4Addr,
    names: Names,
    asked: Asked,
}

/// An address that nothing else of this run has, and hardly anything of another.
pub fn address() -> Ipv4Addr {
    static LAST: AtomicU8 = AtomicU8::new(1);
    let [.., high, low] = std::process::id().to_be_bytes();
    Ipv4Addr::new(127, high | 0x80, low, LAST.fetch_add(1, Ordering::Relaxed))
}

impl Network {
    /// Answers for names until the test program ends.
    pub fn new() -> Self {
        let (name_server, names, asked) = (address(), Names::default(), Asked::default());
        let socket = UdpSocket::bind((name_server, 53)).expect("the port of a name server, which root may have");
        let (known, log) = (Arc::clone(&names), Arc::clone(&asked));
        thread::spawn(move || {
            let mut buffer = [0; 1500];
            while let Ok((length, client)) = socket.recv_from(&mut buffer) {
                if let Some(answer) = answer(&buffer[..length], &known, &log) {
                    let _ = socket.send_to(&answer, client);
                }
            }
        });
        Self { name_server, names, asked }
    }

    /// The names that pods asked for.
    pub fn asked(&self) -> BTreeSet<String> {
        self.asked.lock().unwrap().clone()
    }

    /// A new pod behind `name`, without the dot at its end.
    pub fn pod(&self, name: &str) -> Ipv4Addr {
        let address = address();
        self.names.lock().unwrap().entry(name.to_owned()).or_default().push(address);
        address
    }
}

/// As a cluster's name server: the addresses of all pods, or that there is no such name.
fn answer(asked: &[u8], names: &Names, log: &Asked) -> Option<Vec<u8>> {
    let query = Packet::parse(asked).ok()?;
    let question = query.questions.first()?;
    log.lock().unwrap().insert(question.qname.to_string());
    let found = names.lock().unwrap().get(&question.qname.to_string()).cloned();
    let mut reply = Packet::new_reply(query.id());
    reply.set_flags(PacketFlag::AUTHORITATIVE_ANSWER);
    if found.is_none() {
        *reply.rcode_mut() = RCODE::NameError;
    }
    for address in found.unwrap_or_default() {
        reply.answers.push(ResourceRecord::new(question.qname.clone(), CLASS::IN, 1, RData::A(address.into())));
    }
    reply.questions.push(question.clone());
    reply.build_bytes_vec().ok()
}
