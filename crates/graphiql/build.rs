//! Bundles `web/graphiql` with npm and writes a table of the files for the library to embed. Without npm, or when npm
//! fails, the build goes on with one page that says why; the next build tries again.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode, Output};
use std::{env, fs, io};

const WEB: &str = "../../web/graphiql";
const INPUTS: [&str; 6] = [
    "package.json",
    "package-lock.json",
    ".npmrc",
    "vite.config.js",
    "index.html",
    "src",
];
const SKIP: &str = "RAPPORTEUR_SKIP_GRAPHIQL";
const INSTALL: [&str; 8] = [
    "ci",
    "--ignore-scripts",
    "--no-audit",
    "--no-fund",
    "--include=dev", // Vite, also where NODE_ENV says production
    "--prefer-offline",
    "--fetch-retries=1", // seconds instead of minutes where the registry cannot be reached
    "--fetch-retry-mintimeout=1000",
];

/// Why there is no bundle, and what to do about it.
struct WhyNot {
    /// In one line; it goes into the program, so it names no path and no host.
    why: String,
    /// What npm said, for the terminal.
    details: Vec<String>,
    remedy: &'static str,
}

fn main() -> ExitCode {
    for input in INPUTS {
        println!("cargo::rerun-if-changed={WEB}/{input}");
    }
    println!("cargo::rerun-if-changed=build.rs");
    println!("cargo::rerun-if-env-changed={SKIP}");
    match env::var_os("OUT_DIR").map(PathBuf::from) {
        None => fail("OUT_DIR is not set: cargo runs this script, not you"),
        Some(out) => match embed(&out) {
            Ok(()) => ExitCode::SUCCESS,
            Err(error) => fail(&format!(
                "cannot write the GraphiQL bundle to {}: {error}",
                out.display()
            )),
        },
    }
}

fn fail(message: &str) -> ExitCode {
    println!("cargo::error={message}");
    ExitCode::FAILURE
}

fn embed(out: &Path) -> io::Result<()> {
    let dist = out.join("dist");
    let why_not = bundle(&out.join("work"), &dist).err();
    if let Some(WhyNot { why, details, remedy }) = &why_not {
        println!("cargo::warning=GraphiQL is not bundled, and `demo` will not start: {why}");
        for line in details {
            println!("cargo::warning=  {line}");
        }
        println!("cargo::warning={remedy}, then build again");
        remove(&dist)?;
        fs::create_dir_all(&dist)?;
        fs::write(dist.join("index.html"), sorry(why, remedy))?;
        if env::var_os(SKIP).is_none() {
            println!("cargo::rerun-if-changed={}", out.join("never-there").display()); // so that the next build tries again
        }
    }
    let mut files = Vec::new();
    list(&dist, "", &mut files)?;
    files.sort();
    fs::write(
        out.join("files.rs"),
        table(&files, why_not.as_ref().map(|w| w.why.as_str())),
    )
}

/// Builds in `work` and leaves the result in `dist`.
fn bundle(work: &Path, dist: &Path) -> Result<(), WhyNot> {
    if env::var_os(SKIP).is_some() {
        return Err(WhyNot {
            why: format!("{SKIP} is set"),
            details: Vec::new(),
            remedy: "unset it",
        });
    }
    let disk = |doing: &str, error: io::Error| WhyNot {
        why: format!("{doing} failed: {error}"),
        details: Vec::new(),
        remedy: "make room and rights for cargo's target directory",
    };
    remove(work).map_err(|e| disk("emptying the work directory", e))?;
    fs::create_dir_all(work).map_err(|e| disk("making the work directory", e))?;
    for input in INPUTS {
        copy(&Path::new(WEB).join(input), &work.join(input)).map_err(|e| disk(&format!("copying {WEB}/{input}"), e))?;
    }
    npm(
        work,
        &INSTALL,
        "check that npm reaches its registry and that Node.js is 20.19 or newer",
    )?;
    npm(
        work,
        &["run", "build"],
        "run `npm ci` and `npm run build` in web/graphiql to see what is wrong",
    )?;
    remove(dist).map_err(|e| disk("removing the last bundle", e))?;
    fs::rename(work.join("dist"), dist).map_err(|e| disk("moving the bundle", e))?;
    remove(work).map_err(|e| disk("removing node_modules", e)) // 245 MB for each profile otherwise
}

fn npm(work: &Path, arguments: &[&str], remedy: &'static str) -> Result<(), WhyNot> {
    let mut command = Command::new(if cfg!(windows) { "npm.cmd" } else { "npm" });
    match command.args(arguments).current_dir(work).env("NO_COLOR", "1").output() {
        Err(error) => Err(WhyNot {
            why: match error.kind() {
                io::ErrorKind::NotFound => "npm is not installed".to_owned(),
                _ => format!("npm cannot be started: {error}"),
            },
            details: Vec::new(),
            remedy: "install Node.js 20.19 or newer with npm",
        }),
        Ok(output) if output.status.success() => Ok(()),
        Ok(output) => {
            let words: Vec<&str> = arguments
                .iter()
                .copied()
                .filter(|word| !word.starts_with('-'))
                .collect();
            let why = format!("npm {} failed ({})", words.join(" "), output.status);
            Err(WhyNot {
                why,
                details: complaint(&output),
                remedy,
            })
        }
    }
}

/// The first lines of what npm said, without warnings, stack frames and the place of its log.
fn complaint(output: &Output) -> Vec<String> {
    let said = [&output.stderr, &output.stdout].map(|bytes| String::from_utf8_lossy(bytes).into_owned());
    let noise = ["npm warn", "npm error     at ", "npm error A complete log", ">"];
    let lines = said.iter().flat_map(|text| text.lines()).map(str::trim);
    let telling = lines.filter(|line| !line.is_empty() && !noise.iter().any(|start| line.starts_with(start)));
    telling.take(8).map(str::to_owned).collect()
}

fn sorry(why: &str, remedy: &str) -> String {
    let why = why.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;");
    format!(
        "<!doctype html>\n<html lang=\"en\">\n<meta charset=\"utf-8\">\n<title>rapporteur — GraphiQL</title>\n\
         <h1>GraphiQL is not in this build</h1>\n<p>The program was built without it: {why}.</p>\n\
         <p>What to do: {remedy}, then build again; <code>cargo build</code> bundles it with npm.</p>\n\
         <p>The GraphQL endpoint itself is at <code>/graphql</code> and works.</p>\n</html>\n"
    )
}

fn table(files: &[String], why_not: Option<&str>) -> String {
    let mut text = format!(
        "pub(crate) const WHY_NOT: Option<&str> = {why_not:?};\npub(crate) static FILES: &[(&str, &[u8])] = &[\n"
    );
    for file in files {
        let path = format!("/dist/{file}");
        let _ = writeln!(
            text,
            "    ({file:?}, include_bytes!(concat!(env!(\"OUT_DIR\"), {path:?}))),"
        ); // a String takes all
    }
    text + "];\n"
}

fn list(directory: &Path, prefix: &str, files: &mut Vec<String>) -> io::Result<()> {
    for entry in fs::read_dir(directory)? {
        let entry = entry?;
        let name = entry
            .file_name()
            .into_string()
            .map_err(|name| io::Error::other(format!("{name:?} is not UTF-8")))?;
        if entry.file_type()?.is_dir() {
            list(&entry.path(), &format!("{prefix}{name}/"), files)?;
        } else {
            files.push(format!("{prefix}{name}"));
        }
    }
    Ok(())
}

fn copy(from: &Path, to: &Path) -> io::Result<()> {
    if !from.is_dir() {
        return fs::copy(from, to).map(drop);
    }
    fs::create_dir_all(to)?;
    for entry in fs::read_dir(from)? {
        let entry = entry?;
        copy(&entry.path(), &to.join(entry.file_name()))?;
    }
    Ok(())
}

fn remove(directory: &Path) -> io::Result<()> {
    match fs::remove_dir_all(directory) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
        _ => Ok(()),
    }
}
