# make report   build, read the sample archives, write build/report
# make test     build and run every test
# make bench    measure speed and memory on a made-up archive of a million spans

.PHONY: report test build bench format lint clean install-dependencies

# One build for the program and its tests: the same flags everywhere, so nothing is compiled twice.
build_options := --configuration release --explicit-target-dependency-import-check error
tracebook := .build/release/tracebook
swift_files := Package.swift Sources Tests Benchmarks/Package.swift Benchmarks/Sources

report: build
	@mkdir -p build
	@$(tracebook) report samples/shop -o build/report
	@echo "The report is ready: open build/report/index.html in a browser."

build: install-dependencies
	@swift build $(build_options) --product tracebook

test: install-dependencies
	@swift build $(build_options) --build-tests
	@swift test --configuration release --skip-build --disable-xctest

# For example: make bench ARGUMENTS="--runs 9"
bench: build
	@Benchmarks/run $(ARGUMENTS)

format:
	@swift format format --in-place --parallel --recursive --configuration .swift-format $(swift_files)

lint:
	@swift format lint --strict --parallel --recursive --configuration .swift-format $(swift_files)

clean:
	@rm -rf .build build

install-dependencies:
	@.ci/install-dependencies
