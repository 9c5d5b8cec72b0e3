# What a person does here. `make help` lists it.

.DEFAULT_GOAL := help
.NOTPARALLEL:
.PHONY: help run test setup rust web web-check browser clients bench fuzz fmt fmt-check lint

help: ## list what can be made
	@awk -F ': .*## ' '/^[a-z-]+: .*## / { printf "  make %-10s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

run: ## build, and serve the map with the example articles; prints the address
	cargo run --release --locked

test: setup fmt-check web-check lint rust browser clients ## install what the tests need, then run all of them

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

bench: ## measure
	cargo bench --locked

fuzz: ## read random texts for ten minutes
	fuzz/run.sh 600

fmt: ## format the Rust code
	cargo fmt

fmt-check:
	cargo fmt --check

lint: ## clippy; a warning is an error
	cargo clippy --locked --all-targets -- -D warnings
