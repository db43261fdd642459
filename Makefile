# TorBox Backend. Each command installs the Debian packages that are missing and then does its one thing.
#
#   make run      build and start everything on 127.0.0.1:3001, data under ./data
#   make demo     the same against a simulated TorBox, for about a minute (STAY=1 keeps it running)
#   make test     all tests
#   make chaos    random faults and signals, then a check of every promise (DURATION=60 SEED=1)
#   make fuzz     random bytes for what reads lists, rules and frames (DURATION=60 seconds each)
#   make contract what /openapi.json says, tried on the running service (EXAMPLES=8 SEED=1)
#   make sanitize all suites under a sanitizer (KIND=thread or address)
#   make adopt-figures  moves in from a made-up stock directory and says how long it takes (USERS=5000 MEGABYTES=1024)
#   make lint     formatting and style
#   make bench    measures release binaries against a simulated TorBox, about half an hour (bench-quick: a few minutes; ONLY=rest)
#   make bench-micro  counts the instructions of hot places, and fails when they take more than Benchmarks/limits.txt allows
#   make build    release binaries in .build/programs
#   make deb      a Debian package of them in .build/packages
#   make container-check   the container without a registry of images, of the same binaries

SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := help
.PHONY: help run demo test chaos fuzz contract sanitize adopt-figures lint bench bench-quick bench-micro bench-build build deb container-check dependencies test-dependencies

SWIFT_FLAGS := --explicit-target-dependency-import-check error
DEBUG := .build/debug
# One file by three names, see Sources/torbox-backend.
PROGRAMS := .build/programs

help:
	@sed -n 's/^#   //p' Makefile

run: dependencies
	swift build $(SWIFT_FLAGS)
	exec $(DEBUG)/supervisor run

# Demo and tests share one debug build.
demo: dependencies
	swift build $(SWIFT_FLAGS) --build-tests
	$(DEBUG)/torbox-demo $(if $(STAY),--stay)

test: test-dependencies
	swift build $(SWIFT_FLAGS) --build-tests
# One after the other: many tests start processes and measure waiting, and two cores cannot do all of it at once.
	swift test --skip-build --disable-xctest --no-parallel $(if $(FILTER),--filter '$(FILTER)')

chaos: dependencies
	swift build $(SWIFT_FLAGS) --build-tests
	$(DEBUG)/torbox-chaos --seconds $(or $(DURATION),60) --seed $(or $(SEED),1)

fuzz: dependencies
	swift build $(SWIFT_FLAGS) --target WireProtocol
	DURATION=$(or $(DURATION),60) Fuzz/run

contract: dependencies
	swift build $(SWIFT_FLAGS) --build-tests
	scripts/contract

# A build of its own: everything is compiled once more. The thread sanitizer has to be told of Swift's Mutex.
sanitize: KIND ?= thread
sanitize: SCRATCH = $(CURDIR)/.build-$(KIND)
sanitize: SANITIZER_ENVIRONMENT_thread = LD_PRELOAD=$(SCRATCH)/tsan-mutex.so TSAN_OPTIONS=suppressions=$(CURDIR)/scripts/tsan-suppressions.txt
# What lives as long as the process, such as NIO's thread pools, counts as leaked: Swift's pointers are not seen as such.
sanitize: SANITIZER_ENVIRONMENT_address = ASAN_OPTIONS=detect_leaks=0
sanitize: test-dependencies
	swift build $(SWIFT_FLAGS) --build-tests --sanitize=$(KIND) --scratch-path $(SCRATCH)
	$(if $(filter thread,$(KIND)),clang -O2 -shared -fPIC -o $(SCRATCH)/tsan-mutex.so scripts/tsan-mutex.c)
	$(SANITIZER_ENVIRONMENT_$(KIND)) \
		swift test --skip-build --disable-xctest --no-parallel --sanitize=$(KIND) --scratch-path $(SCRATCH) \
		$(if $(FILTER),--filter '$(FILTER)',--skip ProcessTests --skip AdoptionTests --skip SystemdTests)

# BINARIES=.build/programs measures a release build, when there is one.
adopt-figures: BINARIES ?= $(DEBUG)
adopt-figures: dependencies
	swift build $(SWIFT_FLAGS) --build-tests
	@directory=$$(mktemp -d) && trap 'rm -rf "$$directory"' EXIT && \
	settings=$$($(DEBUG)/torbox-stock-fixture --to "$$directory/stock" --plain \
		--users $(or $(USERS),5000) --megabytes $(or $(MEGABYTES),1024)) && \
	env $$settings DATA_DIR="$$directory/data" $(BINARIES)/worker adopt --from "$$directory/stock"

lint: dependencies
	swift format lint --strict -r Package.swift Sources Tests migrations Benchmarks/Package.swift Benchmarks/Sources Benchmarks/Micro

build: dependencies
	swift build $(SWIFT_FLAGS) -c release --static-swift-stdlib --product torbox-backend
	mkdir -p $(PROGRAMS)
	for name in supervisor worker api-gateway; do ln -f .build/release/torbox-backend $(PROGRAMS)/$$name; done

BENCH := Benchmarks/.build/release/bench --binaries $(PROGRAMS) $(addprefix --only ,$(ONLY))

bench: bench-build
	$(BENCH) --json .build/bench.json

bench-quick: bench-build
	$(BENCH) --quick --json .build/bench-quick.json

# In a debug build, because CI has one: the counts hold the work that an item costs, not the optimiser's. UPDATE=1 writes the limits.
bench-micro: export MICRO = 1
bench-micro: dependencies
	scripts/dependencies valgrind
	swift build $(SWIFT_FLAGS) --product torbox-micro
	Benchmarks/micro $(CURDIR)/$(DEBUG)/torbox-micro $(if $(UPDATE),--update)

# The simulator is built for release too, so that it leaves the processors to what is measured.
bench-build: build
	scripts/dependencies wrk sqlite3
	swift build $(SWIFT_FLAGS) -c release --static-swift-stdlib --product torbox-simulator
	ln -f .build/release/torbox-simulator $(PROGRAMS)/
	swift build -c release --package-path Benchmarks

deb: build
	packaging/deb/build $(PROGRAMS) .build/packages

container-check: build
	scripts/container-check $(PROGRAMS)

dependencies:
	@scripts/dependencies

# Tests start a private PostgreSQL of their own.
test-dependencies:
	@scripts/dependencies postgresql
