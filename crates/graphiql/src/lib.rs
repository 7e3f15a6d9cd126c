//! GraphiQL, bundled from npm at build time and embedded: the files of `web/graphiql`, ready to serve under
//! `/graphiql/` without a request to any other host.
//!
//! The page runs under `default-src 'none'; script-src 'self'; worker-src 'self'; style-src 'self' 'unsafe-inline';
//! font-src 'self' data:; img-src 'self' data:; connect-src 'self'`.

mod files {
    include!(concat!(env!("OUT_DIR"), "/files.rs"));
}

/// Whether GraphiQL is in this build. If not, [`asset`] knows one page only, which says why and what to do.
pub const BUNDLED: bool = WHY_NOT.is_none();

/// Why GraphiQL is not in this build, in one line: `npm is not installed`.
pub const WHY_NOT: Option<&str> = files::WHY_NOT;

/// A file to serve.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Asset {
    /// The value of the `Content-Type` header.
    pub content_type: &'static str,
    /// The content, not compressed.
    pub bytes: &'static [u8],
    /// Whether the content's hash is part of the name, so that it may be cached forever.
    pub immutable: bool,
}

/// The file at `path`, relative to `/graphiql/`; the empty path is the page itself.
#[must_use]
pub fn asset(path: &str) -> Option<Asset> {
    let path = if path.is_empty() { "index.html" } else { path };
    let at = files::FILES.binary_search_by_key(&path, |(name, _)| name).ok()?;
    let (name, bytes) = files::FILES.get(at)?;
    Some(Asset {
        content_type: content_type(name),
        bytes,
        immutable: name.starts_with("assets/"),
    })
}

fn content_type(name: &str) -> &'static str {
    match name.rsplit_once('.').map(|(_, extension)| extension) {
        Some("html") => "text/html; charset=utf-8",
        Some("js") => "text/javascript; charset=utf-8",
        Some("css") => "text/css; charset=utf-8",
        Some("md" | "txt") => "text/plain; charset=utf-8",
        Some("json") => "application/json",
        Some("svg") => "image/svg+xml",
        Some("png") => "image/png",
        Some("ttf") => "font/ttf",
        Some("woff") => "font/woff",
        Some("woff2") => "font/woff2",
        Some("wasm") => "application/wasm",
        _ => "application/octet-stream",
    }
}

#[cfg(test)]
mod tests;
