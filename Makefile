# The commands of this project. `make demo` and `make test` need nothing but make, git and a Rust toolchain: what else
# is missing is installed first (Debian and its kin) or named (elsewhere).

.DEFAULT_GOAL := help
DEMO_SECONDS ?= 10
export DEMO_SECONDS

CPP_SOURCES = $(shell git ls-files '*.cpp' '*.hpp')

.PHONY: help setup build demo test lint format unit e2e

help: ## Show this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-8s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

setup: ## Install what the build and the tests need
	@tests/tools/setup

build: setup ## Build the bridge: target/release/iox-bridge
	cargo build --release --locked --package bridge-daemon

demo: setup ## Run the bridge between C++ and Rust applications for DEMO_SECONDS (10) and show what they receive
	@cargo build --locked --package bridge-daemon --package tests --bins
	@cargo run --quiet --locked --package tests --bin demo

test: setup lint unit e2e ## Check formatting, lints, and run every test

lint: setup ## Check formatting and lints of Rust and C++
	cargo fmt --all --check
	clang-format --dry-run --Werror $(CPP_SOURCES)
	cargo clippy --workspace --all-targets --locked -- --deny warnings

unit: setup ## Run unit and property tests
	cargo test --workspace --exclude tests --locked

e2e: setup ## Run the end-to-end tests: real RouDi, real applications
	cargo build --locked --package bridge-daemon --package tests --bins
	cargo test --package tests --locked

format: setup ## Format Rust and C++
	cargo fmt --all
	clang-format -i $(CPP_SOURCES)
