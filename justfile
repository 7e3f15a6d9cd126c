# Daily commands; `just` lists them.
_:
    @just --list

# Everything, as CI does
ci:
    .ci/run

# All tests
test:
    ./test

# The inner loop
quick:
    ./test --quick

# Format and lints
lint:
    cargo fmt --all --check
    cargo clippy --workspace --all-targets -- -D warnings

# Rewrite the generated files in schema/
gen:
    cargo run --package rapporteur -- schema --out schema

# Licences, bans, sources, advisories
deny:
    scripts/deny

# The demo
demo:
    cargo run --release -- demo

# The desk's own store
serve *args:
    cargo run --release -- serve {{args}}

# 64 clients for 60 s, kill -9, restart: nothing acknowledged is missing
crash seconds="60":
    RAPPORTEUR_CRASH_SECONDS={{seconds}} cargo test --package rapporteur-tests crash -- --nocapture

# Power cuts on a disk that forgets what was not synced; the same without the syncs must lose (needs root and /dev/fuse)
power-cuts cuts="500":
    POWER_CUTS={{cuts}} cargo test --release --package rapporteur-log-sled --test faults power:: -- --nocapture

# kill -9 while appending, and again
kills kills="500":
    KILLS={{kills}} cargo test --release --package rapporteur-log-sled --test faults kill:: -- --nocapture

# Errors of the disk while writing, syncing and reading (needs root and /dev/fuse)
io-errors runs="100":
    IO_ERRORS={{runs}} cargo test --release --package rapporteur-log-sled --test faults io_errors:: -- --nocapture

# Damage at random places of every file of a store
damage seeds="1000":
    DAMAGE_SEEDS={{seeds}} cargo test --release --package rapporteur-log-sled --test faults damage:: -- --nocapture

# The hand-over to the sequencer under so many schedules of its threads, twice: at random and by PCT
handover schedules="5000":
    HANDOVERS={{schedules}} cargo test --package rapporteur-desk --features shuttle --test handover

# Coverage-guided fuzzing (libFuzzer): each target so many seconds, or those that are named
coverage-fuzz seconds="600" *targets:
    scripts/coverage-fuzz {{seconds}} {{targets}}

# Every GraphQL operation of a demo under random input (needs python3)
fuzz examples="50":
    FUZZ_EXAMPLES={{examples}} scripts/with-demo tests/harness/fuzz

# The questions a desk asks, of a demo
questions:
    scripts/with-demo node --test --test-reporter=spec tests/questions/

# Measurements beside peers and physical limits, ratios in one run: `just bench append`, `just bench as-of`
bench *args:
    scripts/bench {{args}}
