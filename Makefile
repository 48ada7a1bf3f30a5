# make report   build, read the sample archives, write build/report
# make test     build and run every test
# make install  put the program, its manual page and completions for bash, zsh and fish below PREFIX (/usr/local)
# make score    rank suspects of faults whose cause is known, and print how often the ranking is right
# make fuzz     feed made-up input to the readers, ten minutes each
# make bench    measure speed and memory on a made-up archive of a million spans

.PHONY: report test build install uninstall bench score fuzz format lint clean install-dependencies

PREFIX ?= /usr/local
build_options := --explicit-target-dependency-import-check error
tracebook := .build/release/tracebook
swift_files := Package.swift Sources Tests Benchmarks/Package.swift Benchmarks/Sources

report: build
	@mkdir -p build
	@$(tracebook) report samples/shop --logs samples/shop/logs -o build/report
	@echo "The report is ready: open build/report/index.html in a browser."

build: install-dependencies
	@swift build --configuration release $(build_options) --product tracebook

# Tests look inside the modules, and run the program, optimised as users have it but with all checks of a debug build.
# That takes a build of its own, in a folder of its own.
test_options := --configuration release --scratch-path .build-tests $(build_options) \
  -Xswiftc -enable-testing -Xswiftc -assert-config -Xswiftc Debug

test: install-dependencies
	@swift build $(test_options) --build-tests
	@swift test $(test_options) --skip-build --disable-xctest

# Whoever builds packages sets DESTDIR, too. What is installed is listed once, for uninstall.
installed := bin/tracebook share/man/man1/tracebook.1 share/bash-completion/completions/tracebook \
  share/zsh/site-functions/_tracebook share/fish/vendor_completions.d/tracebook.fish

install: build
	@install -D -m 755 $(tracebook) $(DESTDIR)$(PREFIX)/bin/tracebook
	@$(tracebook) manual | install -D -m 644 /dev/stdin $(DESTDIR)$(PREFIX)/share/man/man1/tracebook.1
	@$(tracebook) --generate-completion-script bash | \
	  install -D -m 644 /dev/stdin $(DESTDIR)$(PREFIX)/share/bash-completion/completions/tracebook
	@$(tracebook) --generate-completion-script zsh | \
	  install -D -m 644 /dev/stdin $(DESTDIR)$(PREFIX)/share/zsh/site-functions/_tracebook
	@$(tracebook) --generate-completion-script fish | \
	  install -D -m 644 /dev/stdin $(DESTDIR)$(PREFIX)/share/fish/vendor_completions.d/tracebook.fish

uninstall:
	@rm -f $(addprefix $(DESTDIR)$(PREFIX)/,$(installed))

# For example: make bench ARGUMENTS="--runs 9"
bench: build
	@Benchmarks/run $(ARGUMENTS)

# For example: make score ARGUMENTS="--split held-out --list"
score: build
	@Benchmarks/score-suspects $(ARGUMENTS)

# For example: make fuzz ARGUMENTS="--seconds 3600 archive"
fuzz: install-dependencies
	@Tests/Fuzz/run $(ARGUMENTS)

format:
	@swift format format --in-place --parallel --recursive --configuration .swift-format $(swift_files)

lint:
	@swift format lint --strict --parallel --recursive --configuration .swift-format $(swift_files)

clean:
	@rm -rf .build .build-tests build

install-dependencies:
	@.ci/install-dependencies
