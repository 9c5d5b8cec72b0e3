# What a person does here. `make help` lists it.

TARGET := $(or $(CARGO_TARGET_DIR),target)
# How many events are in the stores that the load is measured on.
SIZES := 1000000
# How long a service is asked by the soak.
MINUTES := 10

.DEFAULT_GOAL := help
.NOTPARALLEL:
.PHONY: help run test setup rust web web-check browser clients deploy-check audit bench bench-quick soak fuzz fmt fmt-check lint

help: ## list what can be made
	@awk -F ': .*## ' '/^[a-z-]+: .*## / { printf "  make %-12s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

run: ## build, and serve the map with the example articles; prints the address
	cargo run --release --locked

test: setup fmt-check web-check lint audit rust browser clients deploy-check ## install what the tests need, then run all of them

setup: ## install what the tests need, or say what is missing
	tests/setup.sh

rust: ## the Rust tests, GDAL as a client among them
	cargo test --locked

web: ## build the page from web/src into web/dist
	cd web && npm ci && npm run build

web-check: ## build the page anew and compare it with the one that is committed
	tests/web.sh

browser: ## drive the map in Chromium
	tests/browser.sh

clients: ## ask the service with GDAL, QGIS, Python and R, and its filters with DuckDB
	tests/clients.sh

deploy-check: ## look through what is in deploy/, with systemd and nginx
	tests/deploy.sh

bench: $(SIZES:%=$(TARGET)/bench/%/events.txt) ## measure, into docs/performance.md; SIZES="1000000 10000000" for two sizes
	cargo build --release --locked
	cargo bench --locked >$(TARGET)/bench/micro.txt
	python3 benches/load/run.py --sitmap $(TARGET)/release/sitmap --micro $(TARGET)/bench/micro.txt \
	  --out docs $(SIZES:%=$(TARGET)/bench/%)

bench-quick: $(TARGET)/bench/100000/events.txt ## measure the load only, on fewer events and shortly, into target/bench
	cargo build --release --locked
	python3 benches/load/run.py --quick --sitmap $(TARGET)/release/sitmap --out $(TARGET)/bench $(TARGET)/bench/100000

soak: $(TARGET)/bench/100000/events.txt ## ask a service over 1,200 connections for ten minutes; MINUTES=60 for an hour
	cargo build --release --locked
	python3 benches/load/soak.py --minutes $(MINUTES) --sitmap $(TARGET)/release/sitmap $(TARGET)/bench/100000

# Made once, and anew when what makes them is another; the file is written last.
$(TARGET)/bench/%/events.txt: benches/load/generate.rs benches/load/world.rs
	cargo bench --locked --bench generate -- $* $(@D)

audit: ## licences, sources and known weaknesses of what is built in
	tests/audit.sh

fuzz: ## try each fuzz target for two minutes
	fuzz/run.sh 120

fmt: ## format the Rust code
	cargo fmt

fmt-check:
	cargo fmt --check

lint: ## clippy; a warning is an error
	cargo clippy --locked --all-targets -- -D warnings
