//! A throw-away schema with one of everything that is easy to get wrong: fields that fail, nulls that travel, a
//! union, an interface, a connection, a OneOf input, a subscription that ticks. Also served by `examples/testbed.rs`.

use std::sync::atomic::{AtomicI32, AtomicUsize, Ordering};
use std::time::Duration;

use async_graphql::connection::{Connection, CursorType, Edge, EmptyFields, query};
use async_graphql::{
    Context, Enum, ID, Interface, Object, OneofObject, Request, Root, Schema, SchemaBuilder, SimpleObject,
    Subscription, Union, waitable,
};
use futures_util::{Stream, StreamExt, stream};
use rapporteur_api::http::{ApiError, Endpoint, EndpointError, ErrorCode, Limits};

type Result<T> = async_graphql::Result<T>;

/// What `prepare` puts into every request: how many operations came before it.
pub(crate) struct Turn(pub(crate) i32);

/// The endpoint under test; its `turn` field counts the calls of `prepare`.
pub(crate) fn endpoint(limits: Limits) -> std::result::Result<Endpoint, EndpointError> {
    let turns = AtomicI32::new(0);
    let prepare = move |request: Request| request.data(Turn(turns.fetch_add(1, Ordering::Relaxed)));
    Endpoint::new(builder(), limits, prepare, || None)
}

fn builder() -> SchemaBuilder<Root<Query>, Root<Mutation>, Ticks> {
    Schema::build(Root(Query), Root(Mutation), Ticks)
}

const BOOKS: [(&str, Kind); 7] = [
    ("Minutes", Kind::Record),
    ("Letters", Kind::Letter),
    ("Annex A", Kind::Record),
    ("Annex B", Kind::Record),
    ("Cables", Kind::Letter),
    ("Drafts", Kind::Record),
    ("Index", Kind::Record),
];

#[derive(Enum, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Record,
    Letter,
}

/// A thing with a global id.
#[derive(Interface)]
#[graphql(crate = "async_graphql::of_variants", field(name = "id", ty = "ID"))]
enum Node {
    Book(Book),
    Author(Author),
}

#[derive(Union)]
#[graphql(crate = "async_graphql::of_variants")]
enum Found {
    Book(Book),
    Author(Author),
}

#[derive(Clone)]
struct Book {
    at: usize,
    title: &'static str,
    kind: Kind,
}

impl Book {
    fn all() -> impl Iterator<Item = Self> {
        BOOKS
            .into_iter()
            .enumerate()
            .map(|(at, (title, kind))| Self { at, title, kind })
    }
}

#[Object]
impl Book {
    async fn id(&self) -> ID {
        ID(format!("book:{}", self.at))
    }

    async fn title(&self) -> &str {
        self.title
    }

    async fn kind(&self) -> Kind {
        self.kind
    }

    async fn author(&self) -> Author {
        Author { name: "Ada" }
    }

    /// Fails for every second book; null is allowed.
    async fn pages(&self) -> Result<Option<i32>> {
        if self.at % 2 == 1 {
            Err(failure().into())
        } else {
            Ok(Some(100))
        }
    }

    /// Begins work and waits for it; how often that was begun before.
    async fn lent(&self) -> usize {
        static BEGUN: AtomicUsize = AtomicUsize::new(0);
        waitable().await;
        let before = BEGUN.fetch_add(1, Ordering::SeqCst);
        tokio::time::sleep(Duration::from_millis(5)).await;
        before
    }

    /// Fails for the last book; null is not allowed.
    async fn shelf(&self) -> Result<String> {
        if self.at == 6 {
            Err(failure().into())
        } else {
            Ok(format!("shelf {}", self.at))
        }
    }
}

#[derive(SimpleObject, Clone)]
#[graphql(complex)]
struct Author {
    name: &'static str,
}

#[async_graphql::ComplexObject]
impl Author {
    async fn id(&self) -> ID {
        ID(format!("author:{}", self.name))
    }

    /// Back to the books: a cycle of types.
    async fn books(&self) -> Vec<Book> {
        Book::all().take(2).collect()
    }
}

/// A cursor whose faults are the client's: the error type decides what is told.
struct After(usize);

impl CursorType for After {
    type Error = ApiError;

    fn decode_cursor(text: &str) -> std::result::Result<Self, ApiError> {
        text.parse()
            .map(Self)
            .map_err(|_| ApiError::bad_input(format!("`{text}` is no cursor of this list")))
    }

    fn encode_cursor(&self) -> String {
        self.0.to_string()
    }
}

fn failure() -> ApiError {
    ApiError::new(ErrorCode::NotFound, "no such page").with_cause("the shelf at /srv/secret is empty")
}

struct Query;

#[Object]
impl Query {
    async fn hello(&self, #[graphql(default_with = "\"world\".to_owned()")] name: String) -> String {
        format!("hello {name}")
    }

    /// Doubles a number.
    async fn twice(&self, number: i32) -> Result<i32> {
        Ok(number
            .checked_mul(2)
            .ok_or_else(|| ApiError::bad_input(format!("twice {number} is no Int")))?)
    }

    async fn book(&self, at: i32) -> Option<Book> {
        Book::all().find(|book| usize::try_from(at).is_ok_and(|at| book.at == at))
    }

    /// Items that may be null, the last of which becomes null when its shelf is asked for.
    async fn shelved(&self) -> Vec<Option<Book>> {
        Book::all().map(Some).collect()
    }

    async fn node(&self, id: ID) -> Option<Node> {
        match id.split_once(':')? {
            ("book", at) => Book::all().find(|book| book.at.to_string() == at).map(Node::Book),
            ("author", "Ada") => Some(Node::Author(Author { name: "Ada" })),
            _ => None,
        }
    }

    async fn search(&self, text: String) -> Vec<Found> {
        let books = Book::all().filter(|book| book.title.contains(&text)).map(Found::Book);
        books
            .chain(text.contains("Ada").then_some(Found::Author(Author { name: "Ada" })))
            .collect()
    }

    async fn books(
        &self,
        after: Option<String>,
        before: Option<String>,
        first: Option<i32>,
        last: Option<i32>,
    ) -> Result<Connection<After, Book, EmptyFields, EmptyFields>> {
        query(
            after,
            before,
            first,
            last,
            async |after: Option<After>, before, first, last| {
                let from = after.map_or(0, |cursor| cursor.0 + 1);
                let to = before.map_or(BOOKS.len(), |cursor: After| cursor.0.min(BOOKS.len()));
                let mut books: Vec<_> = Book::all().filter(|book| (from..to).contains(&book.at)).collect();
                let found = books.len();
                books.truncate(first.unwrap_or(found));
                let cut = books.len().saturating_sub(last.unwrap_or(found));
                let ends = (
                    books.first().map_or(0, |book| book.at),
                    books.last().map_or(0, |book| book.at + 1),
                );
                let mut connection = Connection::new(ends.0 > 0 || cut > 0, ends.1 < BOOKS.len());
                connection
                    .edges
                    .extend(books.into_iter().skip(cut).map(|book| Edge::new(After(book.at), book)));
                Ok::<_, async_graphql::Error>(connection)
            },
        )
        .await
    }

    /// How often `prepare` was called before.
    async fn turn(&self, ctx: &Context<'_>) -> Result<i32> {
        Ok(ctx.data::<Turn>()?.0)
    }

    /// Fails with an error that is not meant for clients.
    async fn secret(&self) -> Result<Option<String>> {
        Err(std::io::Error::other("/srv/secret: no such file").into())
    }

    /// Fails where null is not allowed, so that all of the data goes.
    async fn strict(&self) -> Result<String> {
        Err(failure().into())
    }

    /// A defect, at one word.
    async fn panics(&self, when: Option<String>) -> Option<String> {
        assert_ne!(when.as_deref(), Some("now"), "a resolver's defect");
        when
    }

    /// Takes its time.
    async fn slow(&self, #[graphql(default)] millis: i32) -> i32 {
        tokio::time::sleep(Duration::from_millis(millis.clamp(0, 60_000).unsigned_abs().into())).await;
        millis
    }
}

#[derive(OneofObject)]
enum Put {
    Title(String),
    Number(i32),
}

#[derive(SimpleObject)]
struct Done {
    said: String,
}

struct Mutation;

#[Object]
impl Mutation {
    async fn put(&self, input: Put) -> Done {
        let said = match input {
            Put::Title(title) => format!("title {title}"),
            Put::Number(number) => format!("number {number}"),
        };
        Done { said }
    }
}

struct Ticks;

#[Subscription]
impl Ticks {
    /// Counts up, ten times a second, without end.
    async fn ticks(&self) -> impl Stream<Item = i32> + use<> {
        stream::iter(0..).then(async |tick| {
            tokio::time::sleep(Duration::from_millis(100)).await;
            tick
        })
    }

    /// Counts to `to` at once and ends.
    async fn count(&self, to: i32) -> impl Stream<Item = i32> + use<> {
        stream::iter(1..=to)
    }
}
