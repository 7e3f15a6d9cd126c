//! The built binary: running it, serving with it, asking it.

use serde_json::{Value, json};
use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};
use std::sync::OnceLock;

/// The repository's root.
pub(crate) fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..").canonicalize().unwrap()
}

/// The binary, built once for all tests.
pub(crate) fn rapporteur() -> &'static Path {
    static BUILT: OnceLock<PathBuf> = OnceLock::new();
    BUILT.get_or_init(|| {
        let cargo = std::env::var("CARGO").unwrap_or_else(|_| "cargo".to_owned());
        let built = Command::new(cargo)
            .args(["build", "--quiet", "--package", "rapporteur"])
            .current_dir(root())
            .status();
        assert!(built.unwrap().success(), "the binary does not build");
        let deps = std::env::current_exe().unwrap();
        let path = deps.parent().unwrap().parent().unwrap().join("rapporteur");
        assert!(path.exists(), "no binary at {}", path.display());
        path
    })
}

/// Runs the binary to its end, with `input` on its standard input.
pub(crate) fn run(args: &[&str], input: &[u8]) -> Output {
    let mut child = Command::new(rapporteur())
        .args(args)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    // A program that refuses its arguments does not read its input.
    let _ = child.stdin.take().unwrap().write_all(input);
    child.wait_with_output().unwrap()
}

/// The exit code, standard output and standard error.
pub(crate) fn told(output: &Output) -> (i32, String, String) {
    let text = |bytes: &[u8]| String::from_utf8(bytes.to_vec()).unwrap();
    (
        output.status.code().unwrap_or(-1),
        text(&output.stdout),
        text(&output.stderr),
    )
}

/// A running `serve`.
pub(crate) struct Server {
    pub(crate) child: Child,
    pub(crate) address: String,
}

impl Server {
    /// Serves the store in `dir` on a free port; `around` is a command to run the binary under, such as strace.
    pub(crate) fn start(dir: &Path, around: &[&str]) -> Self {
        Self::begin("127.0.0.1:0", dir, around)
    }

    /// Serves the store in `dir` at an address where another server was before.
    pub(crate) fn start_at(address: &str, dir: &Path) -> Self {
        Self::begin(address, dir, &[])
    }

    fn begin(listen: &str, dir: &Path, around: &[&str]) -> Self {
        let mut words: Vec<&str> = around.to_vec();
        let binary = rapporteur().to_str().unwrap();
        words.extend([binary, "serve", "--listen", listen, "--data", dir.to_str().unwrap()]);
        let mut child = Command::new(words[0])
            .args(&words[1..])
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
        let line = lines
            .find(|l| l.as_ref().unwrap().starts_with("GraphiQL: "))
            .expect("it says its address")
            .unwrap();
        let address = line
            .split("http://")
            .nth(1)
            .unwrap()
            .split('/')
            .next()
            .unwrap()
            .to_owned();
        Self { child, address }
    }

    /// A connection of its own.
    pub(crate) fn connect(&self) -> Client {
        Client::connect(&self.address).unwrap()
    }

    /// Asks it to stop, and waits until it has.
    pub(crate) fn stop(mut self) -> i32 {
        self.signal("-TERM", false);
        self.child.wait().unwrap().code().unwrap_or(-1)
    }

    /// Signals the server, or, where it runs under another program, that program's child.
    fn signal(&self, signal: &str, below: bool) {
        let pid = self.child.id().to_string();
        let _ = if below {
            Command::new("pkill").args([signal, "-P", &pid]).status()
        } else {
            Command::new("kill").args([signal, &pid]).status()
        };
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.signal("-KILL", true);
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// A connection that is kept open.
pub(crate) struct Client {
    stream: BufReader<TcpStream>,
    host: String,
}

impl Client {
    /// Connects.
    pub(crate) fn connect(address: &str) -> std::io::Result<Self> {
        let stream = TcpStream::connect(address)?;
        stream.set_nodelay(true)?;
        Ok(Self {
            stream: BufReader::new(stream),
            host: address.to_owned(),
        })
    }

    /// Sends a body to /graphql: the status and the answer.
    pub(crate) fn post(&mut self, body: &str) -> std::io::Result<(u16, String)> {
        let head = format!(
            "POST /graphql HTTP/1.1\r\nhost: {}\r\ncontent-type: application/json\r\ncontent-length: {}\r\n\r\n",
            self.host,
            body.len()
        );
        self.stream.get_mut().write_all(format!("{head}{body}").as_bytes())?;
        self.answer()
    }

    /// Gets a path: the status and the answer.
    pub(crate) fn get(&mut self, path: &str) -> std::io::Result<(u16, String)> {
        let head = format!("GET {path} HTTP/1.1\r\nhost: {}\r\n\r\n", self.host);
        self.stream.get_mut().write_all(head.as_bytes())?;
        self.answer()
    }

    /// Runs a GraphQL document that must not fail, and gives its data.
    pub(crate) fn data(&mut self, query: &str, variables: &Value) -> std::io::Result<Value> {
        let (status, text) = self.post(&json!({ "query": query, "variables": variables }).to_string())?;
        let answer: Value = serde_json::from_str(&text).unwrap();
        assert!(status == 200 && answer.get("errors").is_none(), "{status} {text}");
        Ok(answer["data"].clone())
    }

    fn answer(&mut self) -> std::io::Result<(u16, String)> {
        let broken = || std::io::Error::from(std::io::ErrorKind::UnexpectedEof);
        let mut line = String::new();
        self.stream.read_line(&mut line)?;
        let status = line.split(' ').nth(1).and_then(|s| s.parse().ok()).ok_or_else(broken)?;
        let mut length = 0;
        loop {
            line.clear();
            if self.stream.read_line(&mut line)? == 0 {
                return Err(broken());
            }
            let lower = line.to_ascii_lowercase();
            if let Some(value) = lower.strip_prefix("content-length:") {
                length = value.trim().parse().map_err(|_| broken())?;
            }
            if line == "\r\n" {
                break;
            }
        }
        let mut body = vec![0; length];
        self.stream.read_exact(&mut body)?;
        String::from_utf8(body).map(|text| (status, text)).map_err(|_| broken())
    }
}

/// Registers a topic of this slug, over HTTP.
pub(crate) const REGISTER: &str =
    "mutation($slug: String!) { registerTopic(input: { slug: $slug, label: \"Recorded by a test\" }) {
    __typename ... on Recorded { position hash alreadyThere } } }";
