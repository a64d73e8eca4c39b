# The commands of this project. `make demo` and `make test` need nothing but make, git and a Rust toolchain: what else
# is missing is installed first (Debian and its kin) or named (elsewhere).

.DEFAULT_GOAL := help
DEMO_SECONDS ?= 10
export DEMO_SECONDS

# Not what stands for users' headers, nor what the bridge emits: those files are as they are on purpose.
CPP_SOURCES = $(shell git ls-files '*.cpp' '*.hpp' ':!bridge-daemon/tests/layout')
BUILT = $${CARGO_TARGET_DIR:-target}/debug
# The whole workspace each time, never a part of it: cargo would choose other features and build the rest again.
SKIPPED = $${CARGO_TARGET_DIR:-$(CURDIR)/target}/skipped-tests
CARGO_TEST = cargo test --workspace --locked
# Where there is cargo-nextest it is used: each test in a process of its own, as .config/nextest.toml says. Doc tests it leaves
# to cargo.
NEXTEST := $(shell cargo nextest --version >/dev/null 2>&1 && echo yes)
RUN_TESTS = $(if $(NEXTEST),cargo nextest run --workspace --locked --no-fail-fast,$(CARGO_TEST))

.PHONY: help setup build demo test test-faults test-systemd soak lint format unit e2e bench fuzz sanitize classic-releases

help: ## Show this list
	@awk -F ':.*## ' '/^[a-z0-9-]+:.*## / { printf "  make %-16s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

setup: ## Install what the build and the tests need
	@tests/tools/setup

build: setup ## Build the bridge: target/release/iox-bridge; CLASSIC=/opt/iceoryx-2.95: and a worker for that iceoryx
	cargo build --release --locked --package bridge-daemon
	@[ -z "$(CLASSIC)" ] || tests/tools/classic-worker "$(CLASSIC)"

demo: setup ## Run the bridge between C++ and Rust applications for DEMO_SECONDS (10) and show what they receive
	@# These two alone; their dependencies have the features that they have in the whole workspace.
	@cargo build --package bridge-daemon --package tests --locked --bins
	@$(BUILT)/demo

test: setup lint ## Check formatting, lints, and run every test
	cargo build --workspace --locked --bins
	@rm -f $(SKIPPED)
	SKIPPED_TESTS=$(SKIPPED) $(RUN_TESTS)
	$(if $(NEXTEST),$(CARGO_TEST) --doc)
	@# A lane that never sleeps needs a core, and the application another.
	[ "$$(nproc)" -lt 2 ] || QUICK=1 $(BUILT)/bench latency start
	@# To the harness these have passed.
	@[ ! -s $(SKIPPED) ] || { echo "$$(wc -l <$(SKIPPED)) tests were skipped:"; cat $(SKIPPED); }

lint: setup ## Check formatting and lints of Rust and C++
	cargo fmt --all --check
	clang-format --dry-run --Werror $(CPP_SOURCES)
	cargo clippy --workspace --all-targets --locked -- --deny warnings
	@tests/tools/classic-releases
	@tests/tools/units

unit: setup ## Run what needs no RouDi: unit and property tests
	$(RUN_TESTS) --lib --bins $(patsubst bridge-daemon/tests/%.rs,--test %,$(wildcard bridge-daemon/tests/*.rs))

e2e: setup ## Run the end-to-end tests alone: real RouDi, real applications
	cargo build --workspace --locked --bins
	$(RUN_TESTS) $(patsubst tests/tests/%.rs,--test %,$(wildcard tests/tests/*.rs)) --test faults

# One at a time: they measure how soon samples flow again.
test-faults: setup ## Let RouDi, workers, applications die FAULT_ROUNDS (20) times each, under traffic
	cargo build --workspace --locked --bins
	FAULT_ROUNDS=$${FAULT_ROUNDS:-20} $(CARGO_TEST) --test faults --test exhaustion -- --test-threads 1 --nocapture

test-systemd: setup ## As root: run the units under a systemd of their own, in a container, and pass traffic
	cargo build --workspace --locked --bins
	tests/tools/systemd $(BUILT)

soak: setup ## Let 50 streams run for MINUTES (10) with a fault every few seconds, and see that nothing grows
	cargo build --workspace --locked --bins
	SOAK_SECONDS=$$(( $${MINUTES:-10} * 60 )) $(CARGO_TEST) --test faults -- soak:: --nocapture

bench: build ## Measure speed against its goals, into target/bench/report.json; QUICK=1 takes a minute
	cargo build --release --locked --package bridge-daemon --package bench
	QUICK=$(QUICK) cargo bench --locked --package bridge-daemon --bench transcode -- --no-table
	QUICK=$(QUICK) $${CARGO_TARGET_DIR:-target}/release/bench

fuzz: setup ## Run each fuzz target for FUZZ_SECONDS (60), or FUZZ_RUNS inputs; needs a nightly compiler
	@FUZZ_RUNS=$(FUZZ_RUNS) tests/tools/fuzz

sanitize: setup ## Run C++ and transcoding under sanitizers; needs a nightly compiler
	@tests/tools/sanitize

classic-releases: setup ## Compile the C++ against 2.0.3, 2.0.6 and 2.0.8 by Debian's packages, and 2.95 by its interface
	@cargo check --workspace --locked
	@tests/tools/classic-releases

format: setup ## Format Rust and C++
	cargo fmt --all
	clang-format -i $(CPP_SOURCES)
